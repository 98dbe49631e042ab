using System.Text;
using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Tests.Formats;

/// <summary>Whatever a registry or a folder hands us as a document: it is read, or refused with a <see cref="FormatException"/>, and nothing else.</summary>
[TestClass]
public sealed class BadInputTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Entry = $$$"""{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":1}""";
    private const string Index = $$$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":1,"platform":{"architecture":"arm","os":"linux","variant":"v7"},"annotations":{"a":"b\u00e9"},"urls":["u"]}]}""";
    private const string Manifest = $$$"""{"schemaVersion":2,"config":{{{Entry}}},"layers":[{{{Entry}}}],"annotations":{"a":"b"}}""";
    private const string Config = $$$"""{"created":"2020","architecture":"amd64","os":"linux","config":{"User":"u","ExposedPorts":{"80/tcp":{}},"Env":["A=b"],"Labels":{"k":"\ud83d\ude42"},"Healthcheck":{"Test":["x"],"Retries":1.0}},"rootfs":{"type":"layers","diff_ids":["sha256:{{{Hex}}}"]},"history":[{"created_by":"x","empty_layer":true}],"x":[null,1e3]}""";

    [TestMethod]
    [DataRow("")]
    [DataRow(" ")]
    [DataRow("null")]
    [DataRow("[]")]
    [DataRow("{}")]
    [DataRow("1")]
    [DataRow("\"text\"")]
    [DataRow("<html>")]
    [DataRow("\0")]
    [DataRow("{\"a\":1}{\"a\":1}")]
    [DataRow("{\"architecture\":\"amd64\"")]
    [DataRow("// comment\n{}")]
    [DataRow("{\"\\ud800\":1}")]
    [DataRow("{\"layers\\ud800\":1}")]
    public void What_is_no_document_is_refused_as_each_kind(string text)
    {
        Refuses(() => ImageIndex.Parse(Json.Bytes(text)));
        Refuses(() => ImageManifest.Parse(Json.Bytes(text)));
        Refuses(() => ImageConfig.Parse(Json.Bytes(text)));
    }

    [TestMethod]
    [DataRow($$$"""{"schemaVersion":2}""")]
    [DataRow($$$"""{"manifests":null}""")]
    [DataRow($$$"""{"manifests":{}}""")]
    [DataRow($$$"""{"manifests":[null]}""")]
    [DataRow($$$"""{"manifests":[{}]}""")]
    [DataRow($$$"""{"manifests":["sha256:{{{Hex}}}"]}""")]
    [DataRow($$$"""{"manifests":[],"layers":[]}""")]
    [DataRow($$$"""{"manifests":[],"config":{}}""")]
    [DataRow($$$"""{"layers":null,"manifests":[]}""")]
    [DataRow($$$"""{"manifests":[],"manifests":[]}""")]
    [DataRow($$$"""{"manifests":[],"\u006danifests":[]}""")]
    [DataRow($$$"""{"manifests":[],"\u006cayers":[]}""")]
    [DataRow($$$"""{"manifests":[{"digest":"sha256:{{{Hex}}}","size":1}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","size":1}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}"}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":null,"size":1}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":7,"size":1}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:../../etc/passwd","size":1}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709","size":1}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:\ud800","size":1}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":-1}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":1.5}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":1e400}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":"1"}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":null}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":99999999999999999999}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":1,"size":2}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":1,"platform":{}}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":1,"platform":{"os":"linux"}}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":1,"platform":{"architecture":"arm","os":null}}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":1,"platform":{"architecture":"arm","os":"linux","os":"x"}}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":1,"annotations":{"a":1}}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":1,"annotations":{"a":"1","a":"2"}}]}""")]
    [DataRow($$$"""{"manifests":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":1,"annotations":{"a":null}}]}""")]
    [TestProperty("Catalogue", "79")]
    [TestProperty("Catalogue", "82")]
    [TestProperty("Catalogue", "83")]
    public void An_index_that_lacks_or_contradicts_is_refused(string text) => Refuses(() => ImageIndex.Parse(Json.Bytes(text)));

    [TestMethod]
    [DataRow($$$"""{"layers":[]}""")]
    [DataRow($$$"""{"config":{{{Entry}}}}""")]
    [DataRow($$$"""{"config":null,"layers":[]}""")]
    [DataRow($$$"""{"config":{},"layers":[]}""")]
    [DataRow($$$"""{"config":{{{Entry}}},"layers":null}""")]
    [DataRow($$$"""{"config":{{{Entry}}},"layers":[null]}""")]
    [DataRow($$$"""{"config":{{{Entry}}},"layers":[{}]}""")]
    [DataRow($$$"""{"config":{{{Entry}}},"layers":[],"manifests":[]}""")]
    [DataRow($$$"""{"config":{{{Entry}}},"layers":[],"layers":[]}""")]
    [DataRow($$$"""{"manifests":null,"config":{{{Entry}}},"layers":[]}""")]
    [DataRow($$$"""{"config":{{{Entry}}},"layers":[{"mediaType":"m","digest":"sha256:{{{Hex}}}","size":-9}]}""")]
    [DataRow($$$"""{"config":{{{Entry}}},"layers":[{"mediaType":"m","digest":"sha256:{{{Hex}}}"}]}""")]
    [DataRow("""{"schemaVersion":1,"name":"library/x","fsLayers":[{"blobSum":"sha256:a"}],"history":[]}""")]
    [TestProperty("Catalogue", "79")]
    public void A_manifest_that_lacks_or_contradicts_is_refused(string text) => Refuses(() => ImageManifest.Parse(Json.Bytes(text)));

    [TestMethod]
    [DataRow("""{"os":"linux","rootfs":{"diff_ids":[]}}""")]
    [DataRow("""{"architecture":"amd64","rootfs":{"diff_ids":[]}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux"}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":null}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":null}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[null]}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":["x"]}}""")]
    [DataRow("""{"architecture":["amd64"],"os":"linux","rootfs":{"diff_ids":[]}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","os":"linux","rootfs":{"diff_ids":[]}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"x":1,"x":2}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"x":{"y":1,"y":2}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"config":{"Env":"A=b"}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"config":{"Env":[null]}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"config":{"Entrypoint":[null]}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"config":{"Cmd":["a",null]}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"config":{"Labels":{"a":null}}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"config":{"Labels":{"a":1}}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"config":{"ExposedPorts":["80/tcp"]}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"history":[null]}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"history":{}}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"x":"\ud800"}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"\ud800":"x"}""")]
    [DataRow("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"config":{"Shell":["\ud800"]}}""")]
    [TestProperty("Catalogue", "83")]
    public void A_config_that_lacks_or_contradicts_is_refused(string text) => Refuses(() => ImageConfig.Parse(Json.Bytes(text)));

    [TestMethod]
    [DataRow(Index, "index")]
    [DataRow(Manifest, "manifest")]
    [DataRow(Config, "config")]
    [TestProperty("Catalogue", "83")]
    public void Nesting_of_depth_100_is_refused(string valid, string kind)
    {
        var text = $"{valid[..^1]},\"deep\":{new string('[', 100)}{new string(']', 100)}}}";

        Assert.IsNotNull(Parse(kind, Json.Bytes(text)));
    }

    [TestMethod]
    [DataRow("index")]
    [DataRow("manifest")]
    [DataRow("config")]
    [TestProperty("Catalogue", "83")]
    public void A_hundred_thousand_open_brackets_are_refused(string kind) => Assert.IsNotNull(Parse(kind, Json.Bytes(new string('[', 100_000))));

    [TestMethod]
    [TestProperty("Catalogue", "83")]
    public void Members_that_are_null_count_as_absent()
    {
        var config = ImageConfig.Parse(Json.Bytes(
            """{"created":null,"author":null,"architecture":"amd64","variant":null,"os":"linux","os.version":null,"config":null,"rootfs":{"diff_ids":[]},"history":null}"""));

        Assert.AreEqual("""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}""", Json.Text(config.ToDocument(ImageFormat.Oci)));
    }

    [TestMethod]
    [DataRow("index", Index)]
    [DataRow("manifest", Manifest)]
    [DataRow("config", Config)]
    public void A_document_cut_anywhere_is_refused(string kind, string text)
    {
        var whole = Json.Bytes(text);
        Assert.IsNull(Parse(kind, whole), "the document itself is valid");

        for (var length = 0; length < whole.Length; length++)
        {
            Assert.IsNotNull(Parse(kind, whole[..length]), $"cut at {length}");
        }
    }

    [TestMethod]
    [DataRow("index", Index)]
    [DataRow("manifest", Manifest)]
    [DataRow("config", Config)]
    public void A_document_changed_at_any_byte_is_read_or_refused(string kind, string text)
    {
        var whole = Json.Bytes(text);
        var random = new Random(20_000);
        byte[][] insertions = [[0], [0xFF], [(byte)'"'], [(byte)'\\'], [(byte)'{'], [(byte)'}'], [(byte)','], "null"u8.ToArray(), "\\ud800"u8.ToArray(), [0xC3], [0xED, 0xA0, 0x80]];
        for (var at = 0; at < whole.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var flipped = (byte[])whole.Clone();
                flipped[at] ^= (byte)(1 << bit);
                Parse(kind, flipped);
            }

            var replaced = (byte[])whole.Clone();
            random.NextBytes(replaced.AsSpan(at, Math.Min(random.Next(1, 6), whole.Length - at)));
            Parse(kind, replaced);

            foreach (var insertion in insertions)
            {
                Parse(kind, [.. whole[..at], .. insertion, .. whole[at..]]);
            }

            Parse(kind, [.. whole[..at], .. whole[Math.Min(whole.Length, at + random.Next(1, 20))..]]);
        }
    }

    /// <summary>Reads a document, and writes what could be read; fails the test for any exception but <see cref="FormatException"/>.</summary>
    private static FormatException? Parse(string kind, byte[] bytes)
    {
        try
        {
            _ = kind switch
            {
                "index" => ImageIndex.Parse(bytes).ToDocument(),
                "manifest" => ImageManifest.Parse(bytes).ToDocument(),
                _ => ImageConfig.Parse(bytes).ToDocument(ImageFormat.Oci),
            };
            return null;
        }
        catch (FormatException e)
        {
            return e;
        }
        catch (Exception e)
        {
            throw new AssertFailedException($"{e.GetType()} escaped for {Encoding.Latin1.GetString(bytes)}", e);
        }
    }

    private static void Refuses(Action read) => Assert.ThrowsExactly<FormatException>(read);
}

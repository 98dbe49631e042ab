using System.Text.Json;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Publishing;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Formats;

/// <summary>Who reads what is wrong with a document knows the document, and not the types of this program.</summary>
[TestClass]
public sealed class JsonFaultTests
{
    private const string Entry = """{"mediaType":"m","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":1}""";

    [TestMethod]
    [DataRow("", "it is empty")]
    [DataRow("<html>", "it is no JSON from line 1, column 1 on: '<' is an invalid start of a value")]
    [DataRow("{\n \"a\": 1\n \"b\"", "it is no JSON from line 3, column 2 on: '\"' is invalid after a value. Expected either ',', '}', or ']'")]
    [DataRow("{\"manifests\":[", "it ends before its last bracket is closed")]
    [DataRow("{\"manifests\":[],}", "it is no JSON from line 1, column 17 on: The JSON object contains a trailing comma at the end")]
    [DataRow("[]", "it is no JSON object")]
    [DataRow("\"x\"", "it is no JSON object")]
    [DataRow("{\n\"manifests\":{}}", "'manifests' in line 2 is no list")]
    [DataRow("{\"manifests\":[7]}", "'manifests[0]' in line 1 has a value that does not fit")]
    [DataRow("{\"manifests\":[],\"annotations\":[]}", "'annotations' in line 1 is no object")]
    [DataRow("{\"manifests\":[],\"annotations\":{\"a\":1}}", "'annotations.a' in line 1 is no text")]
    [DataRow("{\"schemaVersion\":\"x\"}", "'schemaVersion' in line 1 is no number")]
    [DataRow("{\"schemaVersion\":1.5}", "'schemaVersion' in line 1 is no number that fits")]
    [DataRow("{\"manifests\":[{}]}", "'manifests[0]' lacks 'size'")]
    [DataRow("{\"manifests\":[],\"manifests\":[]}", "'manifests' in line 1 stands there twice")]
    [DataRow("{\"mediaType\":\"\\ud800\"}", "it holds text that is no Unicode")]
    [DataRow("{\"manifests\":[{\"digest\":\"sha256:x\"}]}", "'manifests[0].digest' in line 1: 'sha256:x' is not a sha256 digest")]
    [DataRow("{\"manifests\":[{\"digest\":7}]}", "'manifests[0].digest' in line 1 is no text")]
    public void A_fault_is_told_with_its_place_in_the_document(string json, string why) =>
        Assert.AreEqual($"the image index is not valid: {why}", Assert.ThrowsExactly<FormatException>(() => ImageIndex.Parse(Json.Bytes(json))).Message);

    [TestMethod]
    [DataRow("{\"architecture\":\"amd64\",\"os\":\"linux\",\"history\":[{\"empty_layer\":\"yes\"}]}", "the image config is not valid: 'history[0].empty_layer' in line 1 is neither true nor false")]
    [DataRow("[]", "the image config is not valid: it is no JSON object")]
    public void A_config_is_told_so_too(string json, string message) =>
        Assert.AreEqual(message, Assert.ThrowsExactly<FormatException>(() => ImageConfig.Parse(Json.Bytes(json))).Message);

    [TestMethod]
    [DataRow("[]", "it is no JSON object")]
    [DataRow("{}", "it lacks 'schemaVersion', 'project', 'name', 'registry', 'repository'")]
    [DataRow("{\"schemaVersion\":1,\n\"name\":null}", "'name' in line 2 is null")]
    [DataRow("{\"schemaVersion\":1,\n\"names\":{}}", "'names' in line 2 is no list")]
    [DataRow("{\"name\":\"\\ud800\"}", "'name' in line 1 is text that is no Unicode")]
    public void An_image_json_is_told_so_too(string json, string why) =>
        Assert.AreEqual(why, Assert.ThrowsExactly<FormatException>(() => ImageReport.Parse(Json.Bytes(json))).Message);

    /// <summary>Whatever System.Text.Json says of documents that are almost right, its words for programmers are not handed on.</summary>
    [TestMethod]
    public void No_message_names_a_type_of_this_program()
    {
        var index = Json.Bytes($$$"""{"schemaVersion":2,"manifests":[{{{Entry}}}],"annotations":{"a":"b"}}""");
        var report = JsonSerializer.SerializeToUtf8Bytes(new { schemaVersion = 1, name = "a", names = new[] { "x" }, tags = Array.Empty<string>(), size = 5L, digest = "sha256:0", publish = new { seconds = 1.5 } });
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var bytes in new Mutations(11, [index, report], "null", "[", "{}", "1e9", "\"x\"", ":true").Take(4000))
        {
            foreach (var parse in new Action[] { () => ImageIndex.Parse(bytes), () => ImageManifest.Parse(bytes), () => ImageConfig.Parse(bytes), () => ImageReport.Parse(bytes) })
            {
                try
                {
                    parse();
                }
                catch (FormatException e)
                {
                    told.Add(e.Message);
                }
            }
        }

        Assert.IsGreaterThan(100, told.Count);
        foreach (var message in told)
        {
            foreach (var word in new[] { "System.", "MultiArch.", "`1", "type '", "nullability", "deserializ", "reader options", "LineNumber", "isFinalBlock" })
            {
                Assert.DoesNotContain(word, message, StringComparison.OrdinalIgnoreCase);
            }

            Assert.DoesNotEndWith(".", message);
        }
    }
}

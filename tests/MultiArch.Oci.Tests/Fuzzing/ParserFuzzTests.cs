using System.Globalization;
using System.Text;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Registry.Uploads;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Fuzzing;

/// <summary>
/// Whatever strangers send, a parser returns what it promises or refuses as it promises. MULTIARCH_FUZZ_RUNS makes it longer, MULTIARCH_FUZZ_SEED
/// another one.
/// </summary>
[TestClass]
public sealed class ParserFuzzTests(TestContext context)
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Index =
        $$$"""
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:{{{Hex}}}","size":7143,
        "platform":{"architecture":"ppc64le","os":"linux","os.features":["a"],"variant":"v1"},"annotations":{"a":"b"}}],"annotations":{"com.example.key1":"value1"},"subject":null}
        """;

    private const string Manifest =
        $$$"""
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:{{{Hex}}}","size":7023},
        "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:{{{Hex}}}","size":32654,"urls":["https://example.com"]}],"annotations":{"a":"b"}}
        """;

    private const string Config =
        $$$"""
        {"created":"2015-10-31T22:22:56.015925234Z","author":"x","architecture":"amd64","os":"linux","config":{"User":"alice","ExposedPorts":{"8080/tcp":{} },"Env":["A=b"],
        "Entrypoint":["/bin/app"],"Cmd":["--x"],"Volumes":{"/v":{} },"WorkingDir":"/home","Labels":{"a":"b"}},"rootfs":{"diff_ids":["sha256:{{{Hex}}}"],"type":"layers"},
        "history":[{"created":"2015-10-31T22:22:54Z","created_by":"/bin/sh","empty_layer":true}]}
        """;

    [TestMethod]
    [TestProperty("Catalogue", "83")]
    [TestProperty("Catalogue", "84")]
    [DataRow("index")]
    [DataRow("manifest")]
    [DataRow("config")]
    public void A_document_is_read_or_refused(string kind)
    {
        Func<byte[], Document> read = kind switch
        {
            "index" => bytes => ImageIndex.Parse(bytes).ToDocument(),
            "manifest" => bytes => ImageManifest.Parse(bytes).ToDocument(),
            _ => bytes => ImageConfig.Parse(bytes).ToDocument(ImageFormat.Oci),
        };
        foreach (var input in Inputs(Index, Manifest, Config))
        {
            Check(input, () =>
            {
                if (TryRead(() => read(input)) is { } document)
                {
                    Assert.AreEqual(document.Digest, read(document.Bytes.ToArray()).Digest, "What we write, we read as the same.");
                }
            });
        }
    }

    [TestMethod]
    public void What_a_registry_says_of_its_errors_becomes_a_few_short_lines()
    {
        string[] types = ["application/json", "text/plain", "text/html", ""];
        var i = 0;
        foreach (var input in Inputs("""{"errors":[{"code":"DENIED","message":"no","detail":{"a":[1]}},{"code":"X"}]}""", """{"details":"no"}""", "plain words"))
        {
            var type = types[i++ % types.Length];
            Check(input, () =>
            {
                var errors = RegistryError.Decode(input, type.Length > 0 ? type : null);
                Assert.IsLessThanOrEqualTo(3, errors.Count);
                foreach (var error in errors.Select(error => error.ToString()))
                {
                    Assert.IsFalse(error.Any(char.IsControl), error);
                    Assert.IsLessThan(1_000, error.Length);
                }
            });
        }
    }

    [TestMethod]
    public void The_name_of_an_image_is_read_or_refused()
    {
        foreach (var input in Inputs($"ghcr.io/acme/app:1.0@sha256:{Hex}", "localhost:5000/app", "debian", "[::1]:5000/a/b-c__d.e:latest", "docker.io/library/debian:12"))
        {
            var text = Encoding.UTF8.GetString(input);
            Check(input, () =>
            {
                if (TryRead(() => ImageReference.Parse(text)) is { } reference)
                {
                    Assert.AreEqual(reference, ImageReference.Parse(reference.ToString()));
                    Assert.DoesNotContain("..", reference.Repository);
                }
            });
        }
    }

    [TestMethod]
    [TestProperty("Catalogue", "82")]
    public void A_digest_is_sixty_four_small_hexadecimal_digits_or_none()
    {
        foreach (var input in Inputs($"sha256:{Hex}", $"sha512:{Hex}{Hex}"))
        {
            var text = Encoding.UTF8.GetString(input);
            Check(input, () =>
            {
                if (Digest.TryParse(text, out var digest))
                {
                    Assert.AreEqual(text, digest.ToString());
                    Assert.IsTrue(digest.Hex.Length == 64 && digest.Hex.All(c => char.IsAsciiHexDigitLower(c)), text);
                }
            });
        }
    }

    [TestMethod]
    [TestProperty("Catalogue", "29")]
    [DataRow("https://ghcr.io/v2/app/blobs/uploads/")]
    [DataRow("https://ghcr.io/v2/app/blobs/uploads/1?_state=a%2Bb")]
    public void A_Location_leads_to_where_a_registry_may_send_us_or_nowhere(string asked)
    {
        var request = new RegistryRequest(HttpMethod.Post, new Uri(asked), new RepositoryAddress(new ImageReference("ghcr.io", "app")), "store a blob");
        foreach (var input in Inputs("/v2/app/blobs/uploads/1?_state=a%2Bb%7e", "uploads/x", "?a=b", "https://storage.example/b/1?sig=a%2Bb#x", "http://ghcr.io/v2/", "//other/x", "https://10.0.0.1:8443/x"))
        {
            var location = Encoding.UTF8.GetString(input);
            Check(input, () =>
            {
                if (TryRead(() => NextHop.Resolve(request, location)) is { } next)
                {
                    Assert.AreEqual(Uri.UriSchemeHttps, next.Scheme);
                    Assert.AreEqual("", next.UserInfo);
                    Assert.IsFalse(next.IsLoopback, next.AbsoluteUri);
                    var closed = UploadLocation.WithDigest(next, Digest.Of([]));
                    Assert.AreEqual(next.Authority, closed.Authority);
                    StringAssert.EndsWith(closed.Query, $"digest=sha256%3A{Hex}");
                    StringAssert.StartsWith(closed.Query.TrimStart('?'), next.Query.TrimStart('?'));
                }
            });
        }
    }

    private static IEnumerable<byte[]> Inputs(params string[] right) => new Mutations(Setting("MULTIARCH_FUZZ_SEED", 1), right).Take(Setting("MULTIARCH_FUZZ_RUNS", 10_000));

    private static int Setting(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    /// <returns>Null when it was refused as the documentation of the parsers says.</returns>
    private static T? TryRead<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatException or MultiArchException)
        {
            return null;
        }
    }

    /// <summary>Shows the input that a check fails for.</summary>
    private void Check(byte[] input, Action check)
    {
        try
        {
            check();
        }
        catch (Exception)
        {
            context.WriteLine($"The input: {Convert.ToBase64String(input)}\n{Encoding.UTF8.GetString(input)}");
            throw;
        }
    }
}

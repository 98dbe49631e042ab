using System.IO.Compression;
using System.Text;
using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>What stands in the head of an answer, and how much of it is believed.</summary>
[TestClass]
public sealed class HeaderTests : TransportTest
{
    private const string Manifest = "/v2/app/manifests/1.0";

    private readonly ScriptedRegistry _registry;
    private readonly RegistryTransport _transport;

    public HeaderTests(TestContext context)
        : base(context)
    {
        _registry = Own(new ScriptedRegistry());
        _transport = Transport(Options with { Retries = RetryLimits.None });
    }

    private RegistryClient Client => new(new ImageReference(_registry.Address, "app"), _transport);

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "25")]
    public async Task A_head_without_end_is_not_read_to_its_end()
    {
        _registry.On("GET", Manifest, new Reply(200, "ok") { Headers = { ["X-Padding"] = new string('x', 1024 * 1024) } });

        await RegistryAssert.FailsAsync(() => AskAsync(_transport, _registry.Address), DiagnosticCodes.NotARegistry, "does not answer as a registry does");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "25")]
    public async Task A_Location_of_32_KiB_is_no_address()
    {
        _registry.On("GET", Manifest, new Reply(307) { Headers = { ["Location"] = $"/{new string('x', 32 * 1024)}" } });

        var exception = await RegistryAssert.FailsAsync(() => AskAsync(_transport, _registry.Address), DiagnosticCodes.NotARegistry, "without a usable address");

        Assert.IsLessThan(1000, exception.Message.Length);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "25")]
    public async Task Two_Locations_are_none()
    {
        _registry.On("GET", Manifest, new Reply(307) { MoreHeaders = { ("Location", "/a"), ("Location", "/b") } });

        await RegistryAssert.FailsAsync(() => AskAsync(_transport, _registry.Address), DiagnosticCodes.NotARegistry, "without a usable address");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "25")]
    public async Task Headers_that_come_twice_and_say_the_same_say_it()
    {
        var manifest = TestImage.Manifest();
        var digest = $"{manifest.Digest}";
        _registry.On("HEAD", Manifest, new Reply(200, manifest.Bytes.ToArray(), manifest.MediaType) { MoreHeaders = { ("Docker-Content-Digest", digest), ("Docker-Content-Digest", digest) } });

        Assert.AreEqual(manifest.Digest, await Client.FindDigestAsync("1.0", CancellationToken));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "19")]
    public async Task A_page_that_answers_everything_with_200_is_no_registry()
    {
        using var portal = new ScriptedRegistry { Otherwise = new Reply(200, "<html>Please log in</html>", "text/html; charset=utf-8") };
        var client = new RegistryClient(new ImageReference(portal.Address, "app"), _transport);
        var blob = TestBlob.Of("a layer");
        var manifest = TestImage.Manifest();

        await RegistryAssert.FailsAsync(() => client.WriteBlobAsync(blob.Descriptor, blob.Source(), CancellationToken), DiagnosticCodes.NotARegistry);
        await RegistryAssert.FailsAsync(() => client.OpenBlobAsync(blob.Descriptor, CancellationToken), DiagnosticCodes.NotARegistry);
        await RegistryAssert.FailsAsync(() => client.FindManifestAsync("1.0", CancellationToken), DiagnosticCodes.NotARegistry);
        await RegistryAssert.FailsAsync(() => client.WriteManifestAsync(manifest, CancellationToken), DiagnosticCodes.NotARegistry);
        await RegistryAssert.FailsAsync(() => client.TagAsync(manifest, ["1.0"], CancellationToken), DiagnosticCodes.NotARegistry);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "21")]
    public async Task A_blob_is_hashed_as_it_is_stored_whatever_encoding_the_registry_claims()
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("a layer"), CancellationToken);
        }

        var descriptor = new Oci.Formats.Descriptor(MediaTypes.OciLayerGzip, Digest.Of(compressed.ToArray()), compressed.Length);
        _registry.On("GET", "/v2/app/blobs/", new Reply(200, compressed.ToArray(), "application/octet-stream") { Headers = { ["Content-Encoding"] = "gzip" } });

        await using var stream = await Client.OpenBlobAsync(descriptor, CancellationToken);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, CancellationToken);

        CollectionAssert.AreEqual(compressed.ToArray(), read.ToArray());
        Assert.IsFalse(_registry.Requests.Single().Headers.ContainsKey("Accept-Encoding"));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "10")]
    public async Task A_blob_that_goes_on_after_its_size_is_left_there()
    {
        var blob = TestBlob.Of("a layer");
        byte[] more = [.. blob.Content, .. new byte[100]];
        _registry.On("GET", "/v2/app/blobs/", new Reply(200, more, "application/octet-stream") { Headers = { ["Content-Length"] = "" }, Fault = Fault.CutBody, CutAfter = more.Length });

        await using var stream = await Client.OpenBlobAsync(blob.Descriptor, CancellationToken);

        await RegistryAssert.FailsAsync(() => stream.CopyToAsync(Stream.Null, CancellationToken), DiagnosticCodes.RegistryContentMismatch, "more than its 7 bytes");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "22")]
    public async Task A_registry_that_names_no_digest_is_believed_by_the_bytes()
    {
        var manifest = TestImage.Manifest();
        _registry.On("PUT", "/v2/app/manifests/", new Reply(201));
        _registry.On("GET", $"/v2/app/manifests/{manifest.Digest}", new Reply(200, manifest.Bytes.ToArray(), manifest.MediaType));

        await Client.WriteManifestAsync(manifest, CancellationToken);

        Assert.AreEqual(manifest.Digest, (await Client.FindManifestAsync($"{manifest.Digest}", CancellationToken))!.Digest);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "23")]
    public async Task A_registry_that_stored_something_else_is_told_with_both_digests()
    {
        var manifest = TestImage.Manifest();
        var other = Digest.Of([1]);
        _registry.On("PUT", "/v2/app/manifests/", new Reply(201) { Headers = { ["Docker-Content-Digest"] = $"{other}" } });

        await RegistryAssert.FailsAsync(() => Client.WriteManifestAsync(manifest, CancellationToken), DiagnosticCodes.RegistryContentMismatch, $"{manifest.Digest}", $"{other}");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "24")]
    public async Task A_digest_by_another_algorithm_says_nothing()
    {
        var manifest = TestImage.Manifest();
        _registry.On("PUT", "/v2/app/manifests/", new Reply(201) { Headers = { ["Docker-Content-Digest"] = $"sha512:{new string('a', 128)}" } });

        await Client.WriteManifestAsync(manifest, CancellationToken);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "58")]
    public async Task A_warning_is_told_once_in_one_line_and_no_longer_than_it_may_be()
    {
        var reply = new Reply(200)
        {
            MoreHeaders =
            {
                ("Warning", "299 - \"Your token\t expires \\\"soon\\\".\""),
                ("Warning", $"299 - \"{new string('x', 10 * 1024)}\""),
                ("Warning", "199 - \"Not this one.\""),
                ("Warning", "not even a warning"),
            },
        };
        _registry.On("GET", Manifest, reply, times: 20);

        for (var i = 0; i < 20; i++)
        {
            await AskAsync(_transport, _registry.Address);
        }

        var warnings = Events.Cast<RegistryEvent.Warning>().ToList();
        Assert.HasCount(2, warnings);
        Assert.AreEqual(new RegistryEvent.Warning(_registry.Address, "Your token expires \"soon\"."), warnings[0]);
        Assert.AreEqual($"{new string('x', 4096)}…", warnings[1].Text);
    }
}

using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>Against Debian's docker-registry.</summary>
[TestClass]
public sealed class DockerRegistryTests(TestContext context)
{
    private const int Timeout = 60_000;

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("")]
    [DataRow("{}")]
    [DataRow("some bytes of a layer")]
    [TestProperty("Catalogue", "47")]
    public async Task A_blob_comes_back_as_it_was_written(string content)
    {
        using var registry = await RegistryProcess.StartAsync(context.CancellationToken);
        using var transport = new RegistryTransport();
        var client = Client(registry, transport);
        var blob = TestBlob.Of(content);

        var write = await client.WriteBlobAsync(blob.Descriptor, blob.Source(), context.CancellationToken);

        Assert.AreEqual(BlobWrite.Uploaded, write);
        CollectionAssert.AreEqual(blob.Content, await ReadAsync(client, blob));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_blob_of_many_megabytes_comes_back_as_it_was_written()
    {
        using var registry = await RegistryProcess.StartAsync(context.CancellationToken);
        using var transport = new RegistryTransport();
        var client = Client(registry, transport);
        var blob = TestBlob.OfSize((24 * 1024 * 1024) + 1);

        var write = await client.WriteBlobAsync(blob.Descriptor, blob.Source(), context.CancellationToken);

        Assert.AreEqual(BlobWrite.Uploaded, write);
        Assert.AreEqual(blob.Descriptor.Digest, Digest.Of(await ReadAsync(client, blob)));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_second_write_of_a_blob_sends_nothing()
    {
        using var registry = await RegistryProcess.StartAsync(context.CancellationToken);
        using var transport = new RegistryTransport();
        var client = Client(registry, transport);
        var blob = TestBlob.Of("layer");
        await client.WriteBlobAsync(blob.Descriptor, blob.Source(), context.CancellationToken);

        var second = await client.WriteBlobAsync(blob.Descriptor, blob.Source(), context.CancellationToken);

        Assert.AreEqual(BlobWrite.Reused, second);
        Assert.AreEqual(1, blob.Opened);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "43")]
    public async Task A_blob_of_another_repository_is_mounted_without_a_byte()
    {
        using var registry = await RegistryProcess.StartAsync(context.CancellationToken);
        using var transport = new RegistryTransport();
        var (basis, app) = (Client(registry, transport, "acme/base"), Client(registry, transport, "acme/app"));
        var blob = TestBlob.Of("layer");
        await basis.WriteBlobAsync(blob.Descriptor, blob.Source(), context.CancellationToken);

        var source = blob.Source(mountFrom: new ImageReference(registry.Address, "acme/base"));
        var write = await app.WriteBlobAsync(blob.Descriptor, source, context.CancellationToken);

        Assert.AreEqual(BlobWrite.Mounted, write);
        Assert.AreEqual(1, blob.Opened);
        CollectionAssert.AreEqual(blob.Content, await ReadAsync(app, blob));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "43")]
    public async Task A_blob_that_is_not_where_it_was_said_to_be_is_uploaded()
    {
        using var registry = await RegistryProcess.StartAsync(context.CancellationToken);
        using var transport = new RegistryTransport();
        var client = Client(registry, transport);
        var blob = TestBlob.Of("layer");

        var source = blob.Source(mountFrom: new ImageReference(registry.Address, "acme/base"));
        var write = await client.WriteBlobAsync(blob.Descriptor, source, context.CancellationToken);

        Assert.AreEqual(BlobWrite.Uploaded, write);
        Assert.IsTrue(await client.ContainsBlobAsync(blob.Descriptor, context.CancellationToken));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "42")]
    public async Task A_file_that_changed_after_it_was_hashed_is_not_stored()
    {
        using var registry = await RegistryProcess.StartAsync(context.CancellationToken);
        using var transport = new RegistryTransport();
        var client = Client(registry, transport);
        var blob = TestBlob.Of("layer");

        await RegistryAssert.FailsAsync(
            () => client.WriteBlobAsync(blob.Descriptor, blob.Source(sent: "LAYER"u8.ToArray()), context.CancellationToken),
            DiagnosticCodes.ContentMismatch,
            blob.Descriptor.Digest.ToString());

        Assert.IsFalse(await client.ContainsBlobAsync(blob.Descriptor, context.CancellationToken));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_blob_that_is_not_there_is_reported_when_it_is_read()
    {
        using var registry = await RegistryProcess.StartAsync(context.CancellationToken);
        using var transport = new RegistryTransport();

        await RegistryAssert.FailsAsync(
            () => Client(registry, transport).OpenBlobAsync(TestBlob.Of("layer").Descriptor, context.CancellationToken),
            DiagnosticCodes.RegistryRefused,
            registry.Address,
            "acme/app",
            "BLOB_UNKNOWN: blob unknown to registry");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_manifest_comes_back_by_digest_and_by_tag_with_its_bytes_and_type()
    {
        using var registry = await RegistryProcess.StartAsync(context.CancellationToken);
        using var transport = new RegistryTransport();
        var client = Client(registry, transport);
        var manifest = await TestImage.PrepareAsync(client, "amd64", context.CancellationToken);
        var index = TestImage.Index(manifest);
        await client.WriteManifestAsync(manifest, context.CancellationToken);
        await client.WriteManifestAsync(index, context.CancellationToken);
        await client.TagAsync(index, ["1.0"], context.CancellationToken);

        AssertSame(manifest, await client.FindManifestAsync(manifest.Digest.ToString(), context.CancellationToken));
        AssertSame(index, await client.FindManifestAsync(index.Digest.ToString(), context.CancellationToken));
        AssertSame(index, await client.FindManifestAsync("1.0", context.CancellationToken));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("1.0")]
    [DataRow("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public async Task A_manifest_that_is_not_there_is_null(string reference)
    {
        using var registry = await RegistryProcess.StartAsync(context.CancellationToken);
        using var transport = new RegistryTransport();

        Assert.IsNull(await Client(registry, transport).FindManifestAsync(reference, context.CancellationToken));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task Tags_are_those_that_were_asked_for_and_move_to_what_is_new()
    {
        using var registry = await RegistryProcess.StartAsync(context.CancellationToken);
        using var transport = new RegistryTransport();
        var client = Client(registry, transport);
        var old = await TestImage.PrepareAsync(client, "amd64", context.CancellationToken);
        var @new = await TestImage.PrepareAsync(client, "arm64", context.CancellationToken);
        await client.WriteManifestAsync(old, context.CancellationToken);
        Assert.IsEmpty(registry.Tags("acme/app"));

        await client.TagAsync(old, ["1.0", "latest"], context.CancellationToken);
        await client.TagAsync(@new, ["latest", "1.1"], context.CancellationToken);

        CollectionAssert.AreEqual(new[] { "1.0", "1.1", "latest" }, registry.Tags("acme/app").ToArray());
        AssertSame(old, await client.FindManifestAsync("1.0", context.CancellationToken));
        AssertSame(@new, await client.FindManifestAsync("latest", context.CancellationToken));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task An_index_before_its_manifests_is_refused_with_what_is_missing()
    {
        using var registry = await RegistryProcess.StartAsync(context.CancellationToken);
        using var transport = new RegistryTransport();
        var client = Client(registry, transport);

        await RegistryAssert.FailsAsync(
            () => client.WriteManifestAsync(TestImage.Index(TestImage.Manifest()), context.CancellationToken),
            DiagnosticCodes.RegistryRefused,
            registry.Address,
            "acme/app",
            "MANIFEST_BLOB_UNKNOWN",
            "publish again");
    }

    private static RegistryClient Client(RegistryProcess registry, RegistryTransport transport, string repository = "acme/app") =>
        new(new ImageReference(registry.Address, repository), transport);

    private static void AssertSame(Document expected, Document? actual)
    {
        Assert.AreEqual(expected.Digest, actual?.Digest);
        Assert.AreEqual(expected.MediaType, actual?.MediaType);
    }

    private async Task<byte[]> ReadAsync(RegistryClient client, TestBlob blob)
    {
        await using var stream = await client.OpenBlobAsync(blob.Descriptor, context.CancellationToken);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, context.CancellationToken);
        return content.ToArray();
    }
}

using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>Downloads that break off, and how they go on.</summary>
[TestClass]
public sealed class DownloadTests(TestContext context) : ScriptedTest(context)
{
    private const string Blobs = "/v2/app/blobs/";

    private readonly TestBlob _blob = TestBlob.OfSize(1000);

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "9")]
    public async Task A_download_that_breaks_off_goes_on_where_it_was()
    {
        Registry.On("GET", Blobs, new Reply(200, _blob.Content) { Fault = Fault.CutBody });
        Registry.On("GET", Blobs, Rest(500));

        CollectionAssert.AreEqual(_blob.Content, await ReadAsync(Connect(Patient)));
        Assert.AreEqual("bytes=500-", Registry.Requests[1].Headers["Range"]);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "9")]
    public async Task A_registry_that_always_begins_at_the_start_is_read_again_from_there()
    {
        Registry.On("GET", Blobs, new Reply(200, _blob.Content) { Fault = Fault.CutBody }, times: 2);
        Registry.On("GET", Blobs, new Reply(200, _blob.Content));

        CollectionAssert.AreEqual(_blob.Content, await ReadAsync(Connect(Patient)));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "9")]
    public async Task An_answer_that_ends_too_early_without_a_length_is_no_end()
    {
        Registry.On("GET", Blobs, new Reply(200, _blob.Content[..700]) { Headers = { ["Content-Length"] = "", ["Connection"] = "close" }, Fault = Fault.CutBody });
        Registry.On("GET", Blobs, Rest(350));

        CollectionAssert.AreEqual(_blob.Content, await ReadAsync(Connect(Patient)));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "9")]
    [TestProperty("Catalogue", "81")]
    public async Task What_goes_on_with_other_bytes_is_found_out_at_the_end()
    {
        Registry.On("GET", Blobs, new Reply(200, _blob.Content) { Fault = Fault.CutBody });
        Registry.On("GET", Blobs, new Reply(206, new byte[500]) { Headers = { ["Content-Range"] = "bytes 500-999/1000" } });

        await RegistryAssert.FailsAsync(() => ReadAsync(Connect(Patient)), DiagnosticCodes.RegistryContentMismatch, _blob.Descriptor.Digest.ToString());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_registry_that_breaks_off_again_and_again_is_given_up()
    {
        Registry.On("GET", Blobs, new Reply(200, _blob.Content) { Fault = Fault.CutBody }, times: 100);

        await RegistryAssert.FailsAsync(() => ReadAsync(Connect(Patient)), DiagnosticCodes.RegistryBroke, Registry.Address);
        Assert.IsLessThanOrEqualTo(50, Registry.Requests.Count);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "10")]
    public async Task A_download_without_an_end_is_left_at_one_byte_more_than_the_blob_has()
    {
        Registry.On("GET", Blobs, new Reply(200, [.. _blob.Content, 0]) { Headers = { ["Content-Length"] = "", ["Connection"] = "close" }, Fault = Fault.CutBody, CutAfter = 1001 });

        await RegistryAssert.FailsAsync(() => ReadAsync(Connect(Patient)), DiagnosticCodes.RegistryContentMismatch, "1000 bytes");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "17")]
    public async Task Where_HEAD_is_unknown_a_blob_is_found_by_one_byte_of_it_and_HEAD_not_tried_again()
    {
        Registry.On("HEAD", Blobs, new Reply(405));
        Registry.On("GET", Blobs, new Reply(206, _blob.Content[..1]) { Headers = { ["Content-Range"] = "bytes 0-0/1000" } });
        Registry.On("GET", Blobs, new Reply(404));
        var client = Connect(Patient);

        Assert.IsTrue(await client.ContainsBlobAsync(_blob.Descriptor, CancellationToken));
        Assert.IsFalse(await client.ContainsBlobAsync(TestBlob.OfSize(5).Descriptor, CancellationToken));

        Assert.AreEqual("HEAD GET GET", string.Join(' ', Registry.Requests.Select(request => request.Method)));
        Assert.AreEqual("bytes=0-0", Registry.Requests[1].Headers["Range"]);
    }

    private Reply Rest(int from) => new(206, _blob.Content[from..]) { Headers = { ["Content-Range"] = $"bytes {from}-999/1000" } };

    private async Task<byte[]> ReadAsync(RegistryClient client)
    {
        await using var stream = await client.OpenBlobAsync(_blob.Descriptor, CancellationToken);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, CancellationToken);
        return content.ToArray();
    }
}

using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>The upload protocol, where a real registry would always answer the same.</summary>
[TestClass]
public sealed class BlobUploadTests(TestContext context) : ScriptedTest(context)
{
    private const string Uploads = "/v2/app/blobs/uploads/";

    private readonly TestBlob _blob = TestBlob.Of("layer");

    private string Closing => $"digest=sha256%3A{_blob.Descriptor.Digest.Hex}";

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("/v2/app/blobs/uploads/1", "/v2/app/blobs/uploads/1?")]
    [DataRow("1", "/v2/app/blobs/uploads/1?")]
    [DataRow("?a=b", "/v2/app/blobs/uploads/?a=b&")]
    [DataRow("/v2/app/blobs/uploads/1?_state=a%2Bb%7e&x", "/v2/app/blobs/uploads/1?_state=a%2Bb%7e&x&")]
    [DataRow("http://{0}/elsewhere/1?_state=a", "/elsewhere/1?_state=a&")]
    [TestProperty("Catalogue", "26")]
    [TestProperty("Catalogue", "27")]
    public async Task A_blob_goes_where_the_session_is_with_its_query_as_it_was(string location, string target)
    {
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
        Registry.On("POST", Uploads, Session(location.Replace("{0}", Registry.Address, StringComparison.Ordinal)));
        Registry.On("PUT", "/", new Reply(201));

        var write = await Client.WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken);

        Assert.AreEqual(BlobWrite.Uploaded, write);
        var put = Registry.Requests[^1];
        Assert.AreEqual(target + Closing, put.Target);
        CollectionAssert.AreEqual(_blob.Content, put.Body);
        Assert.AreEqual("application/octet-stream", put.Headers["Content-Type"]);
        Assert.AreEqual("0", Registry.Requests[1].Headers["Content-Length"]);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(405)]
    [DataRow(403)]
    [TestProperty("Catalogue", "17")]
    public async Task A_registry_that_answers_no_HEAD_is_sent_the_blob(int status)
    {
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(status));
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads, new Reply(201));

        Assert.AreEqual(BlobWrite.Uploaded, await Client.WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "32")]
    public async Task A_registry_that_has_the_blob_after_all_is_sent_nothing()
    {
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(405));
        Registry.On("POST", Uploads, new Reply(201));

        Assert.AreEqual(BlobWrite.Reused, await Client.WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken));
        Assert.AreEqual(0, _blob.Opened);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_blob_of_another_length_is_not_taken_for_ours()
    {
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(200, "other length"));

        await RegistryAssert.FailsAsync(
            () => Client.WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken),
            DiagnosticCodes.RegistryContentMismatch,
            $"{Registry.Address}/app",
            "12 bytes");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "43")]
    public async Task A_mount_that_opens_a_session_instead_is_followed_by_the_upload_to_it()
    {
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
        Registry.On("POST", Uploads + "?mount=", Session("/v2/app/blobs/uploads/from-mount"));
        Registry.On("PUT", Uploads + "from-mount", new Reply(201));

        Assert.AreEqual(BlobWrite.Uploaded, await Client.WriteBlobAsync(_blob.Descriptor, Mountable(), CancellationToken));
        Assert.AreEqual($"POST {Uploads}?mount=sha256%3A{_blob.Descriptor.Digest.Hex}&from=base", Registry.Lines[1]);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(202)] // without a Location
    [DataRow(401)]
    [DataRow(403)]
    [DataRow(404)]
    [DataRow(405)]
    [DataRow(500)]
    [TestProperty("Catalogue", "43")]
    [TestProperty("Catalogue", "44")]
    public async Task A_mount_that_fails_is_followed_by_an_ordinary_upload(int status)
    {
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
        Registry.On("POST", Uploads + "?mount=", new Reply(status));
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads + "1", new Reply(201));

        Assert.AreEqual(BlobWrite.Uploaded, await Client.WriteBlobAsync(_blob.Descriptor, Mountable(), CancellationToken));
        Assert.HasCount(4, Registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_blob_of_another_registry_is_not_mounted()
    {
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads, new Reply(201));

        await Client.WriteBlobAsync(_blob.Descriptor, _blob.Source(mountFrom: new ImageReference("ghcr.io", "base")), CancellationToken);

        Assert.AreEqual($"POST {Uploads}", Registry.Lines[1]);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "27")]
    public async Task A_session_elsewhere_gets_the_blob_and_no_credential()
    {
        using var storage = new ScriptedRegistry();
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(401) { Headers = { ["WWW-Authenticate"] = "Basic realm=\"registry\"" } });
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
        Registry.On("POST", Uploads, Session($"http://{storage.Address}/bucket/1?sig=a%2Bb"));
        storage.On("PUT", "/bucket/1?sig=a%2Bb&digest=", new Reply(201));

        var client = Connect(Patient with { Credentials = new KnownCredential(new Credential("user", "password", "the test")) });
        await client.WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken);

        Assert.IsTrue(Registry.Requests[^1].Headers.ContainsKey("Authorization"));
        Assert.IsFalse(storage.Requests.Single().Headers.ContainsKey("Authorization"));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task Another_registry_that_does_not_give_the_bytes_is_named_and_nothing_else_tried()
    {
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads, new Reply(201));
        Registry.On("GET", "/v2/app/blobs/", new Reply(404, """{"errors":[{"code":"BLOB_UNKNOWN","message":"gone"}]}"""));
        Registry.On("DELETE", Uploads, new Reply(204));
        var client = Connect(Patient);

        await RegistryAssert.FailsAsync(
            () => client.WriteBlobAsync(_blob.Descriptor, new BlobSource(token => client.OpenBlobAsync(_blob.Descriptor, token)), CancellationToken),
            DiagnosticCodes.RegistryRefused,
            "read the blob",
            "BLOB_UNKNOWN: gone");
        Assert.HasCount(1, Registry.Lines.Where(line => line.StartsWith("POST ", StringComparison.Ordinal)));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "30")]
    public async Task A_session_without_an_address_is_refused()
    {
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
        Registry.On("POST", Uploads, new Reply(202));

        await RegistryAssert.FailsAsync(
            () => Client.WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken), DiagnosticCodes.NotARegistry, Registry.Address);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task An_upload_that_fails_closes_its_session_and_tells_the_failure()
    {
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
        Registry.On("POST", Uploads, Session("1?_state=a"));
        Registry.On("PUT", Uploads, new Reply(400, """{"errors":[{"code":"UNSUPPORTED","message":"not today"}]}"""));
        Registry.On("DELETE", Uploads, new Reply(500));

        await RegistryAssert.FailsAsync(
            () => Client.WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken),
            DiagnosticCodes.RegistryRefused,
            "UNSUPPORTED: not today");
        Assert.AreEqual($"DELETE {Uploads}1?_state=a", Registry.Lines[^1]);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "16")]
    public async Task A_body_that_is_too_large_is_refused_before_it_is_sent_in_one_piece_and_in_chunks()
    {
        var blob = TestBlob.OfSize(4 * 1024 * 1024);
        var refusal = new Reply(413, "<html>413 Request Entity Too Large</html>", "text/html");
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(404), times: 2);
        Registry.On("POST", Uploads, Session("1"), times: 2);
        Registry.On("PUT", Uploads, refusal);
        Registry.On("PATCH", Uploads, refusal);
        Registry.On("DELETE", Uploads, new Reply(204), times: 2);

        await RegistryAssert.FailsAsync(
            () => Client.WriteBlobAsync(blob.Descriptor, blob.Source(), CancellationToken),
            DiagnosticCodes.RegistryRefused,
            "413",
            "client_max_body_size");
        Assert.AreEqual(0, blob.Opened);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_connection_that_is_cut_in_an_upload_is_told_with_the_host_and_the_blob()
    {
        var blob = TestBlob.OfSize(4 * 1024 * 1024);
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads, new Reply(201) { Fault = Fault.CutRequest });

        await RegistryAssert.FailsAsync(
            () => Client.WriteBlobAsync(blob.Descriptor, blob.Source(), CancellationToken),
            DiagnosticCodes.RegistryBroke,
            Registry.Address,
            blob.Descriptor.Digest.ToString());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "42")]
    public async Task A_file_that_cannot_be_read_is_not_blamed_on_the_registry()
    {
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads, new Reply(201));
        var source = new BlobSource(_ => Task.FromException<Stream>(new FileNotFoundException("There is no file layer.tar.gz.")));

        await RegistryAssert.FailsAsync(
            () => Client.WriteBlobAsync(_blob.Descriptor, source, CancellationToken), DiagnosticCodes.CannotRead, "layer.tar.gz");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "55")]
    public async Task A_cancelled_upload_ends_as_cancelled_and_closes_its_session()
    {
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads, new Reply(201) { Fault = Fault.Stall });
        Registry.On("DELETE", Uploads, new Reply(204));
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);

        var write = Client.WriteBlobAsync(_blob.Descriptor, _blob.Source(), cancellation.Token);
        await Registry.Stalled.WaitAsync(CancellationToken);
        await cancellation.CancelAsync();

        var exception = await Assert.ThrowsAsync<OperationCanceledException>(() => write);
        Assert.AreEqual(cancellation.Token, exception.CancellationToken);
        Assert.AreEqual($"DELETE {Uploads}1", Registry.Lines[^1]);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "55")]
    public async Task A_cancelled_upload_does_not_wait_for_a_registry_that_says_nothing_any_more()
    {
        Registry.On("HEAD", "/v2/app/blobs/", new Reply(404));
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads, new Reply(201) { Fault = Fault.Stall });
        Registry.On("DELETE", Uploads, new Reply(204) { Fault = Fault.Stall });
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);

        // Whoever waited for silence to end would wait for longer than this test may take.
        var write = Connect(Patient with { IdleTimeout = TimeSpan.FromHours(1) }).WriteBlobAsync(_blob.Descriptor, _blob.Source(), cancellation.Token);
        await Registry.Stalled.WaitAsync(CancellationToken);
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => write);
        Assert.IsFalse(CancellationToken.IsCancellationRequested);
    }

    private sealed class KnownCredential(Credential credential) : ICredentialSource
    {
        public Task<Credential?> FindAsync(ImageReference repository, RegistryAccess access, Credential? refused, CancellationToken cancellationToken) =>
            Task.FromResult(refused is null ? credential : null);
    }

    private static Reply Session(string location) => new(202) { Headers = { ["Location"] = location } };

    private BlobSource Mountable() => _blob.Source(mountFrom: new ImageReference(Registry.Address, "base"));
}

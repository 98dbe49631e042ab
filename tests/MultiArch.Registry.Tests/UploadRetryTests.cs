using MultiArch.Oci;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>Uploads in one piece that fail, and what the next attempt does.</summary>
[TestClass]
public sealed class UploadRetryTests(TestContext context) : ScriptedTest(context)
{
    private const string Blobs = "/v2/app/blobs/sha256:";
    private const string Uploads = "/v2/app/blobs/uploads/";

    private readonly TestBlob _blob = TestBlob.Of("layer");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "4")]
    public async Task An_upload_that_is_cut_is_looked_for_and_sent_again_to_a_new_session()
    {
        var blob = TestBlob.OfSize(4 * 1024 * 1024);
        Registry.On("HEAD", Blobs, new Reply(404));
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads + "1", new Reply(201) { Fault = Fault.CutRequest });
        Registry.On("HEAD", Blobs, new Reply(404));
        Registry.On("DELETE", Uploads + "1", new Reply(204));
        Registry.On("POST", Uploads, Session("2"));
        Registry.On("PUT", Uploads + "2", new Reply(201));

        Assert.AreEqual(BlobWrite.Uploaded, await Connect(Patient).WriteBlobAsync(blob.Descriptor, blob.Source(), CancellationToken));

        Assert.AreEqual("HEAD POST PUT HEAD DELETE POST PUT", Methods());
        CollectionAssert.AreEqual(blob.Content, Registry.Requests[^1].Body);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "5")]
    public async Task An_answer_that_is_lost_costs_no_second_upload()
    {
        Registry.On("HEAD", Blobs, new Reply(404));
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads, new Reply(201) { Fault = Fault.Lost });
        Registry.On("HEAD", Blobs, Held());
        Registry.On("DELETE", Uploads, Error(404, "BLOB_UPLOAD_UNKNOWN"));

        Assert.AreEqual(BlobWrite.Uploaded, await Connect(Patient).WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken));
        Assert.AreEqual(1, _blob.Opened);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(500)]
    [DataRow(503)]
    [DataRow(429)]
    [TestProperty("Catalogue", "11")]
    public async Task A_registry_that_fails_to_say_whether_it_has_the_blob_is_sent_it(int status)
    {
        Registry.On("HEAD", Blobs, new Reply(status));
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads, new Reply(201));

        Assert.AreEqual(BlobWrite.Uploaded, await Connect(Patient).WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "37")]
    public async Task A_session_that_the_registry_has_forgotten_is_opened_anew()
    {
        Registry.On("HEAD", Blobs, new Reply(404), times: 2);
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads + "1", Error(404, "BLOB_UPLOAD_UNKNOWN"));
        Registry.On("POST", Uploads, Session("2"));
        Registry.On("PUT", Uploads + "2", new Reply(201));

        Assert.AreEqual(BlobWrite.Uploaded, await Connect(Patient).WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(200)]
    [DataRow(202)]
    [DataRow(204)]
    [TestProperty("Catalogue", "33")]
    public async Task What_is_no_clear_answer_to_an_upload_counts_if_the_blob_is_there(int status)
    {
        Registry.On("HEAD", Blobs, new Reply(404));
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads, new Reply(status));
        Registry.On("HEAD", Blobs, Held());

        Assert.AreEqual(BlobWrite.Uploaded, await Client.WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken));
        Assert.AreEqual("HEAD POST PUT HEAD", Methods());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "33")]
    public async Task What_is_no_clear_answer_to_an_upload_is_a_failure_if_the_blob_is_not_there()
    {
        Registry.On("HEAD", Blobs, new Reply(404), times: 2);
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads, new Reply(200));

        await RegistryAssert.FailsAsync(
            () => Client.WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken), DiagnosticCodes.RegistryFailed, Registry.Address, "does not have it");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "24")]
    public async Task A_blob_that_the_registry_confirms_as_another_is_looked_for_and_sent_again_if_it_is_not_there()
    {
        var other = new Reply(201) { Headers = { ["Docker-Content-Digest"] = Digest.Of("other"u8).ToString() } };
        Registry.On("HEAD", Blobs, new Reply(404), times: 3);
        Registry.On("POST", Uploads, Session("1"), times: 2);
        Registry.On("PUT", Uploads, other);
        Registry.On("DELETE", Uploads, new Reply(404));
        Registry.On("PUT", Uploads, other);
        Registry.On("HEAD", Blobs, Held());

        Assert.AreEqual(BlobWrite.Uploaded, await Connect(Patient).WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken));

        Assert.AreEqual("HEAD POST PUT HEAD HEAD DELETE POST PUT HEAD", Methods());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "43")]
    public async Task A_mount_that_is_confirmed_as_another_blob_is_followed_by_an_ordinary_upload()
    {
        Registry.On("HEAD", Blobs, new Reply(404));
        Registry.On("POST", Uploads + "?mount=", new Reply(201) { Headers = { ["Docker-Content-Digest"] = Digest.Of("other"u8).ToString() } });
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads, new Reply(201));

        var source = _blob.Source(mountFrom: new ImageReference(Registry.Address, "base"));
        Assert.AreEqual(BlobWrite.Uploaded, await Connect(Patient).WriteBlobAsync(_blob.Descriptor, source, CancellationToken));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "41")]
    public async Task Bytes_that_the_registry_takes_for_others_are_sent_once_more_and_then_blamed_on_the_way()
    {
        Registry.On("HEAD", Blobs, new Reply(404), times: 3);
        Registry.On("POST", Uploads, Session("1"), times: 3);
        Registry.On("PUT", Uploads, Error(400, "DIGEST_INVALID"), times: 3);
        Registry.On("DELETE", Uploads, new Reply(204), times: 3);

        await RegistryAssert.FailsAsync(
            () => Connect(Patient).WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken),
            DiagnosticCodes.RegistryContentMismatch,
            Registry.Address,
            "DIGEST_INVALID",
            _blob.Descriptor.Digest.ToString(),
            "sent twice");
        Assert.HasCount(2, Registry.Lines.Where(line => line.StartsWith("PUT ", StringComparison.Ordinal)));
        Assert.AreEqual(4, _blob.Opened, "Each upload, and each look at what was uploaded.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "41")]
    public async Task Bytes_that_were_spoilt_on_the_way_once_are_stored_by_the_second_upload()
    {
        Registry.On("HEAD", Blobs, new Reply(404), times: 2);
        Registry.On("POST", Uploads, Session("1"), times: 2);
        Registry.On("PUT", Uploads, Error(400, "DIGEST_INVALID"));
        Registry.On("DELETE", Uploads, new Reply(204));
        Registry.On("PUT", Uploads, new Reply(201));

        Assert.AreEqual(BlobWrite.Uploaded, await Client.WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "42")]
    public async Task A_file_that_has_changed_is_told_and_not_tried_again()
    {
        Registry.On("HEAD", Blobs, new Reply(404));
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads, new Reply(201));
        Registry.On("DELETE", Uploads, new Reply(204));

        await RegistryAssert.FailsAsync(
            () => Connect(Patient).WriteBlobAsync(_blob.Descriptor, _blob.Source(sent: "LAYER"u8.ToArray()), CancellationToken),
            DiagnosticCodes.ContentMismatch,
            _blob.Descriptor.Digest.ToString());
        Assert.HasCount(1, Registry.Lines.Where(line => line.StartsWith("POST ", StringComparison.Ordinal)));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "42")]
    public async Task A_file_that_goes_before_the_second_upload_is_told()
    {
        Registry.On("HEAD", Blobs, new Reply(404), times: 2);
        Registry.On("POST", Uploads, Session("1"), times: 2);
        Registry.On("PUT", Uploads, new Reply(500));
        Registry.On("PUT", Uploads, new Reply(201));
        Registry.On("DELETE", Uploads, new Reply(204));
        var opened = 0;
        var source = new BlobSource(_ => opened++ == 0
            ? Task.FromResult<Stream>(new MemoryStream(_blob.Content))
            : Task.FromException<Stream>(new FileNotFoundException("There is no file layer.tar.gz.")));

        await RegistryAssert.FailsAsync(
            () => Connect(Patient).WriteBlobAsync(_blob.Descriptor, source, CancellationToken), DiagnosticCodes.CannotRead, "layer.tar.gz");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "43")]
    public async Task A_mount_without_an_answer_may_have_been_made()
    {
        Registry.On("HEAD", Blobs, new Reply(404));
        // .NET itself sends again, some times, what has no body.
        Registry.On("POST", Uploads + "?mount=", new Reply(201) { Fault = Fault.Lost }, times: 10);
        Registry.On("HEAD", Blobs, Held());

        var source = _blob.Source(mountFrom: new ImageReference(Registry.Address, "base"));
        Assert.AreEqual(BlobWrite.Reused, await Connect(Patient).WriteBlobAsync(_blob.Descriptor, source, CancellationToken));
        Assert.AreEqual(0, _blob.Opened);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "15")]
    public async Task A_registry_that_goes_on_failing_is_given_up_and_every_session_closed()
    {
        var limits = Patient.Retries;
        var sessions = Enumerable.Range(1, limits.Attempts).Select(session => $"{session}").ToList();
        sessions.ForEach(session => Registry.On("POST", Uploads, Session(session)));
        Registry.On("HEAD", Blobs, new Reply(404), times: limits.Attempts);
        Registry.On("PUT", Uploads, new Reply(500), times: limits.Attempts);
        Registry.On("DELETE", Uploads, new Reply(204), times: limits.Attempts);

        await RegistryAssert.FailsAsync(
            () => Connect(Patient).WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken),
            DiagnosticCodes.RegistryFailed,
            "500",
            $"tried {limits.Attempts} times");
        Assert.AreEqual(limits.Attempts, _blob.Opened);
        CollectionAssert.AreEqual(
            sessions.Select(session => $"DELETE {Uploads}{session}").ToList(),
            Registry.Lines.Where(line => line.StartsWith("DELETE ", StringComparison.Ordinal)).ToList());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(204, Fault.Lost)]
    [DataRow(204, Fault.Stall)]
    [DataRow(401, Fault.None)]
    [DataRow(404, Fault.None)]
    [DataRow(429, Fault.None)]
    [DataRow(500, Fault.None)]
    public async Task A_session_that_cannot_be_closed_stands_in_nobodys_way(int status, Fault fault)
    {
        Registry.On("HEAD", Blobs, new Reply(404), times: 2);
        Registry.On("POST", Uploads, Session("1"));
        Registry.On("PUT", Uploads + "1", new Reply(500));
        // .NET itself sends again, some times, what has no body.
        Registry.On("DELETE", Uploads, new Reply(status) { Fault = fault }, times: 10);
        Registry.On("POST", Uploads, Session("2"));
        Registry.On("PUT", Uploads + "2", new Reply(201));

        Assert.AreEqual(BlobWrite.Uploaded, await Connect(Patient).WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken));
    }

    private static Reply Session(string location) => new(202) { Headers = { ["Location"] = $"{Uploads}{location}" } };

    private static Reply Error(int status, string code) => new(status, $$"""{"errors":[{"code":"{{code}}","message":"some words"}]}""");

    private Reply Held() => new(200, _blob.Content);

    private string Methods() => string.Join(' ', Registry.Requests.Select(request => request.Method));
}

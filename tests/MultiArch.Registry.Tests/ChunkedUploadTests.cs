using System.Globalization;
using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Uploads;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>Uploads in chunks: when, of what size, and what is done when two sides count differently.</summary>
[TestClass]
public sealed class ChunkedUploadTests(TestContext context) : ScriptedTest(context)
{
    private const string Blobs = "/v2/app/blobs/sha256:";
    private const string Uploads = "/v2/app/blobs/uploads/";
    private const int MiB = 1024 * 1024;

    private readonly TestBlob _blob = TestBlob.OfSize(25);

    /// <summary>Three chunks: 10, 10 and 5 bytes.</summary>
    private RegistryOptions InTens => Patient with { ChunkSize = 10 };

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(202)]
    [DataRow(201)]
    [DataRow(204)]
    [TestProperty("Catalogue", "34")]
    public async Task A_blob_goes_in_chunks_from_one_location_to_the_next(int status)
    {
        Start("1?state=a");
        Registry.On("PATCH", Uploads + "1?state=a", Chunk("1?state=b", "0-9", status));
        Registry.On("PATCH", Uploads + "1?state=b", Chunk("1?state=c", "0-19", status));
        Registry.On("PATCH", Uploads + "1?state=c", Chunk("1?state=d", "0-24", status));
        Registry.On("PUT", Uploads + "1?state=d&digest=", new Reply(201));

        await WriteAsync(InTens);

        CollectionAssert.AreEqual(new[] { "0-9", "10-19", "20-24" }, Ranges());
        CollectionAssert.AreEqual(_blob.Content, Sent());
        Assert.AreEqual("0", Registry.Requests[^1].Headers["Content-Length"]);
        Assert.AreEqual(1, _blob.Opened, "The source is read once.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_blob_no_larger_than_a_chunk_goes_in_one_piece()
    {
        Start("1");
        Registry.On("PUT", Uploads, new Reply(201));

        await WriteAsync(Patient with { ChunkSize = 25 });

        CollectionAssert.AreEqual(_blob.Content, Registry.Requests[^1].Body);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "16")]
    public async Task What_is_too_large_is_sent_in_ever_smaller_chunks_and_the_next_blob_in_those_that_fit()
    {
        var limit = 5 * MiB;
        var (first, second) = (TestBlob.OfSize(20 * MiB), TestBlob.OfSize(6 * MiB));
        Registry.On(_ => true, new UploadsUpTo(limit).Answer, times: 100);
        var client = Connect(Patient);

        await client.WriteBlobAsync(first.Descriptor, first.Source(), CancellationToken);

        Assert.AreEqual("PUT:20971520 PATCH:16777216 PATCH:5242880 PATCH:5242880 PATCH:5242880 PATCH:5242880 PUT:0", Bodies(0));
        var before = Registry.Requests.Count;
        await client.WriteBlobAsync(second.Descriptor, second.Source(), CancellationToken);

        Assert.AreEqual("PATCH:5242880 PATCH:1048576 PUT:0", Bodies(before));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "16")]
    public async Task Where_even_the_smallest_chunk_is_too_large_the_limit_is_what_to_raise()
    {
        var blob = TestBlob.OfSize(2 * MiB);
        Registry.On(_ => true, new UploadsUpTo(MiB - 1).Answer, times: 100);

        await RegistryAssert.FailsAsync(
            () => Connect(Patient).WriteBlobAsync(blob.Descriptor, blob.Source(), CancellationToken), DiagnosticCodes.RegistryRefused, "413", "client_max_body_size");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(404)]
    [DataRow(405)]
    public async Task A_registry_that_takes_no_blob_in_one_piece_gets_it_in_a_chunk_and_so_the_next_one(int status)
    {
        var (next, client) = (TestBlob.Of("next"), Connect(Patient));
        Start("1");
        Registry.On("PUT", Uploads + "1?digest=", new Reply(status));
        Registry.On("DELETE", Uploads, new Reply(204));
        Start("2");
        Registry.On("PATCH", Uploads + "2", Chunk("2", "0-24"));
        Registry.On("PUT", Uploads + "2?digest=", new Reply(201));

        Start("3");
        Registry.On("PATCH", Uploads + "3", Chunk("3", "0-3"));
        Registry.On("PUT", Uploads + "3?digest=", new Reply(201));

        await client.WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken);
        await client.WriteBlobAsync(next.Descriptor, next.Source(), CancellationToken);

        CollectionAssert.AreEqual(new[] { "0-24", "0-3" }, Ranges());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_registry_that_knows_no_chunks_gets_the_blob_in_one_piece()
    {
        Start("1");
        Registry.On("PATCH", Uploads + "1", new Reply(405));
        Registry.On("DELETE", Uploads, new Reply(204));
        Start("2");
        Registry.On("PUT", Uploads + "2?digest=", new Reply(201));

        await WriteAsync(InTens);

        CollectionAssert.AreEqual(_blob.Content, Registry.Requests[^1].Body);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("15", "0-14 15-24")]
    [DataRow("3", "0-9 10-19 20-24")]
    [DataRow("99999999999999999999", "0-9 10-19 20-24")]
    [DataRow("-7", "0-9 10-19 20-24")]
    [DataRow("abc", "0-9 10-19 20-24")]
    [DataRow("99999999999", "0-24")]
    [TestProperty("Catalogue", "35")]
    public async Task Chunks_are_as_large_as_the_registry_asks(string least, string ranges)
    {
        Registry.On("HEAD", Blobs, new Reply(404));
        Registry.On("POST", Uploads, new Reply(202) { Headers = { ["Location"] = Uploads + "1", ["OCI-Chunk-Min-Length"] = least } });
        Registry.On("PATCH", Uploads, new Reply(202), times: 3);
        Registry.On("PUT", Uploads, new Reply(201));

        await WriteAsync(InTens);

        Assert.AreEqual(ranges, string.Join(' ', Ranges()));
    }

    [TestMethod]
    [TestProperty("Catalogue", "35")]
    public void No_registry_can_ask_for_more_than_a_gibibyte() => Assert.AreEqual(1024 * MiB, ChunkSizes.AskedFor("99999999999"));

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "36")]
    public async Task A_refused_range_is_followed_by_the_one_that_the_registry_wants()
    {
        Start("1");
        Registry.On("PATCH", Uploads, Chunk("1", "0-9"));
        Registry.On("PATCH", Uploads, new Reply(416));
        Registry.On("GET", Uploads, Status("0-14"));
        Registry.On("PATCH", Uploads, Chunk("1", "0-24"));
        Registry.On("PUT", Uploads, new Reply(201));

        await WriteAsync(InTens);

        CollectionAssert.AreEqual(new[] { "0-9", "10-19", "15-24" }, Ranges());
        CollectionAssert.AreEqual(_blob.Content[15..], Registry.Requests.Last(request => request.Method == "PATCH").Body);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "37")]
    public async Task A_refused_range_of_a_session_that_is_gone_leads_to_a_new_one()
    {
        Start("1");
        Registry.On("PATCH", Uploads + "1", Chunk("1", "0-9"));
        Registry.On("PATCH", Uploads + "1", new Reply(416));
        Registry.On("GET", Uploads + "1", new Reply(404));
        Registry.On("DELETE", Uploads + "1", new Reply(404));
        Start("2");
        Finish("2");

        await WriteAsync(InTens);

        CollectionAssert.AreEqual(new[] { "0-9", "10-19", "0-9", "10-19", "20-24" }, Ranges());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("404 page not found", "text/plain")]
    [DataRow("<html>", "text/html")]
    [TestProperty("Catalogue", "37")]
    public async Task A_session_that_is_dropped_between_two_chunks_without_a_word_of_why_leads_to_a_new_one(string words, string type)
    {
        Start("1");
        Registry.On("PATCH", Uploads + "1", Chunk("1", "0-9"));
        Registry.On("PATCH", Uploads + "1", new Reply(404, words, type));
        Start("2");
        Finish("2");

        await WriteAsync(InTens);

        CollectionAssert.AreEqual(new[] { "0-9", "10-19", "0-9", "10-19", "20-24" }, Ranges());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(404)]
    [DataRow(405)]
    [TestProperty("Catalogue", "36")]
    public async Task A_refusal_that_says_itself_what_has_arrived_and_where_to_go_on_is_followed(int status)
    {
        Start("1?state=a");
        Registry.On("PATCH", Uploads + "1?state=a", Chunk("1?state=b", "0-9"));
        Registry.On("PATCH", Uploads + "1?state=b", Chunk("1?state=c", "0-14", 416));
        Registry.On("GET", Uploads + "1?state=c", new Reply(status));
        Registry.On("PATCH", Uploads + "1?state=c", Chunk("1?state=d", "0-24"));
        Registry.On("PUT", Uploads + "1?state=d&digest=", new Reply(201));

        await WriteAsync(InTens);

        CollectionAssert.AreEqual(new[] { "0-9", "10-19", "15-24" }, Ranges());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("/v2/app/blobs/uploads/1?a=1", "1?b=2", "?c=3", "/elsewhere/1")]
    [TestProperty("Catalogue", "26")]
    public async Task Every_chunk_goes_where_the_answer_to_the_one_before_says(string first, string second, string third, string last)
    {
        Registry.On("HEAD", Blobs, new Reply(404));
        Registry.On("POST", Uploads, new Reply(202) { Headers = { ["Location"] = first } });
        foreach (var (location, range) in new[] { (second, "0-9"), (third, "0-19"), (last, "0-24") })
        {
            Registry.On("PATCH", "/", new Reply(202) { Headers = { ["Location"] = location, ["Range"] = range } });
        }

        Registry.On("PUT", "/", new Reply(201));

        await WriteAsync(InTens);

        CollectionAssert.AreEqual(
            new[] { Uploads + "1?a=1", Uploads + "1?b=2", Uploads + "1?c=3", $"/elsewhere/1?digest=sha256%3A{_blob.Descriptor.Digest.Hex}" },
            Registry.Requests.Skip(2).Select(request => request.Target).ToArray());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "38")]
    public async Task A_registry_whose_count_stands_still_is_not_listened_to_any_more()
    {
        Start("1");
        Registry.On("PATCH", Uploads + "1", Chunk("1", "0-9"));
        Registry.On("PATCH", Uploads + "1", Chunk("1", "0-9"), times: 2);
        Registry.On("GET", Uploads + "1", Status("0-9"), times: 2);
        Registry.On("DELETE", Uploads + "1", new Reply(204));
        Start("2");
        Registry.On("PATCH", Uploads + "2", Chunk("2", "0-0"), times: 3);
        Registry.On("PUT", Uploads + "2?digest=", new Reply(201));

        await WriteAsync(InTens);

        CollectionAssert.AreEqual(new[] { "0-9", "10-19", "10-19", "0-9", "10-19", "20-24" }, Ranges());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("0-4 0-3", "0-9 5-14 4-13")]
    [DataRow("0-1 0-3 0-5 0-7 0-9 0-11 0-13 0-15 0-17 0-19 0-21 0-23 0-24", "0-9 2-11 4-13 6-15")]
    [TestProperty("Catalogue", "38")]
    public async Task A_registry_whose_count_goes_to_and_fro_or_creeps_is_not_listened_to_for_ever(string counts, string ranges)
    {
        var (turns, chunks) = (counts.Split(' '), 0);
        Start("1");
        Registry.On(request => request.Method == "PATCH" && request.Path == Uploads + "1", _ => Chunk("1", turns[chunks++ % turns.Length]), times: 100);
        Registry.On(request => request.Method == "GET", _ => Status(turns[(chunks - 1) % turns.Length]), times: 100);
        Registry.On("DELETE", Uploads + "1", new Reply(204));
        Start("2");
        Finish("2");

        await WriteAsync(InTens);

        Assert.AreEqual($"{ranges} 0-9 10-19 20-24", string.Join(' ', Ranges()));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "38")]
    public async Task A_registry_that_has_got_less_is_sent_the_rest()
    {
        Start("1");
        Registry.On("PATCH", Uploads, Chunk("1", "0-6"));
        Registry.On("GET", Uploads, Status("0-6"));
        Registry.On("PATCH", Uploads, Chunk("1", "0-16"));
        Registry.On("PATCH", Uploads, Chunk("1", "0-24"));
        Registry.On("PUT", Uploads, new Reply(201));

        await WriteAsync(InTens);

        CollectionAssert.AreEqual(new[] { "0-9", "7-16", "17-24" }, Ranges());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("0-10")]
    [DataRow("bytes=0-9")]
    [DataRow("5-9")]
    [DataRow("0-99999999999999999999")]
    [DataRow("words")]
    [TestProperty("Catalogue", "39")]
    public async Task A_count_that_cannot_be_is_followed_by_a_new_session_once(string range)
    {
        Start("1");
        Registry.On("PATCH", Uploads + "1", Chunk("1", range));
        Registry.On("DELETE", Uploads + "1", new Reply(204));
        Start("2");
        Finish("2");

        await WriteAsync(InTens);

        Start("3");
        Registry.On("PATCH", Uploads + "3", Chunk("3", range));
        Registry.On("DELETE", Uploads + "3", new Reply(204));
        Start("4");
        Registry.On("PATCH", Uploads + "4", Chunk("4", range));
        Registry.On("DELETE", Uploads + "4", new Reply(204));
        await RegistryAssert.FailsAsync(() => WriteAsync(InTens), DiagnosticCodes.RegistryBroke, Registry.Address, _blob.Descriptor.Digest.ToString());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "40")]
    public async Task A_chunk_that_was_put_down_twice_is_found_by_its_digest_and_the_upload_begun_anew()
    {
        Start("1");
        Registry.On("PATCH", Uploads + "1", Chunk("1", "0-9"));
        Registry.On("PATCH", Uploads + "1", Chunk("1", "0-9"));
        Registry.On("GET", Uploads + "1", Status("0-9"));
        Registry.On("PATCH", Uploads + "1", Chunk("1", "0-19"));
        Registry.On("PATCH", Uploads + "1", Chunk("1", "0-24"));
        Registry.On("PUT", Uploads + "1?digest=", new Reply(400, """{"errors":[{"code":"DIGEST_INVALID"}]}"""));
        Registry.On("DELETE", Uploads + "1", new Reply(204));
        Start("2");
        Finish("2");

        await WriteAsync(InTens);

        CollectionAssert.AreEqual(new[] { "0-9", "10-19", "10-19", "20-24", "0-9", "10-19", "20-24" }, Ranges());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(500, Fault.None)]
    [DataRow(429, Fault.None)]
    [DataRow(202, Fault.CutRequest)]
    [TestProperty("Catalogue", "36")]
    public async Task A_chunk_that_fails_is_followed_by_the_rest_where_the_registry_still_has_the_session(int status, Fault fault)
    {
        Start("1");
        Registry.On("PATCH", Uploads, Chunk("1", "0-9"));
        Registry.On("PATCH", Uploads, new Reply(status) { Fault = fault });
        Registry.On("HEAD", Blobs, new Reply(404));
        Registry.On("GET", Uploads, Status("0-14"));
        Registry.On("PATCH", Uploads, Chunk("1", "0-24"));
        Registry.On("PUT", Uploads, new Reply(201));

        await WriteAsync(InTens);

        CollectionAssert.AreEqual(new[] { "0-9", "10-19", "15-24" }, Ranges());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "37")]
    public async Task A_chunk_that_fails_is_followed_by_a_new_session_where_the_old_one_is_gone()
    {
        Start("1");
        Registry.On("PATCH", Uploads + "1", Chunk("1", "0-9"));
        Registry.On("PATCH", Uploads + "1", new Reply(500));
        Registry.On("GET", Uploads + "1", new Reply(404));
        Start("2");
        Finish("2");

        await WriteAsync(InTens);

        CollectionAssert.AreEqual(new[] { "0-9", "10-19", "0-9", "10-19", "20-24" }, Ranges());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "42")]
    public async Task A_file_that_has_become_shorter_between_two_chunks_is_told()
    {
        Start("1");
        Registry.On("PATCH", Uploads, Chunk("1", "0-9"), times: 2);
        Registry.On("DELETE", Uploads, new Reply(204));

        await RegistryAssert.FailsAsync(
            () => Connect(InTens).WriteBlobAsync(_blob.Descriptor, _blob.Source(sent: _blob.Content[..14]), CancellationToken),
            DiagnosticCodes.ContentMismatch,
            _blob.Descriptor.Digest.ToString());
        Assert.AreEqual($"DELETE {Uploads}1", Registry.Lines[^1]);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "42")]
    public async Task A_file_whose_bytes_have_changed_between_two_chunks_is_told_and_not_the_registry_blamed()
    {
        Start("1");
        Finish("1", new Reply(400, """{"errors":[{"code":"DIGEST_INVALID"}]}"""));
        Registry.On("DELETE", Uploads, new Reply(204));

        await RegistryAssert.FailsAsync(
            () => Connect(InTens).WriteBlobAsync(_blob.Descriptor, _blob.Source(sent: new byte[25]), CancellationToken),
            DiagnosticCodes.ContentMismatch,
            _blob.Descriptor.Digest.ToString());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "48")]
    public async Task Offsets_go_beyond_32_bits_and_what_lies_before_them_is_not_read()
    {
        const long Size = 6L * 1024 * MiB;
        using var folder = new TempDirectory();
        var file = folder["blob"];
        await using (var sparse = File.Create(file))
        {
            sparse.SetLength(Size);
        }

        var body = new ChunkSource(_blob.Descriptor with { Size = Size }, BlobSource.FromFile(file)).Body(Size - 3, 3);
        await using var chunk = await body.Source.OpenAsync(CancellationToken);
        using var content = new MemoryStream();
        await chunk.CopyToAsync(content, CancellationToken);

        Assert.AreEqual(3, content.Length);
        Assert.AreEqual("6442450941-6442450943", UploadRange.Of(Size - 3, 3));
        Assert.AreEqual(Size, UploadRange.StoredBytes("0-6442450943"));
    }

    private static Reply Chunk(string location, string range, int status = 202) =>
        new(status) { Headers = { ["Location"] = Uploads + location, ["Range"] = range } };

    private static Reply Status(string range) => new(204) { Headers = { ["Range"] = range } };

    private void Start(string location)
    {
        Registry.On("HEAD", Blobs, new Reply(404));
        Registry.On("POST", Uploads, new Reply(202) { Headers = { ["Location"] = Uploads + location } });
    }

    /// <summary>Takes three chunks at one location, and the end.</summary>
    private void Finish(string location, Reply? end = null)
    {
        Registry.On("PATCH", Uploads + location, Chunk(location, "0-9"));
        Registry.On("PATCH", Uploads + location, Chunk(location, "0-19"));
        Registry.On("PATCH", Uploads + location, Chunk(location, "0-24"));
        Registry.On("PUT", Uploads + location + "?digest=", end ?? new Reply(201));
    }

    private async Task WriteAsync(RegistryOptions options) =>
        Assert.AreEqual(BlobWrite.Uploaded, await Connect(options).WriteBlobAsync(_blob.Descriptor, _blob.Source(), CancellationToken));

    private string[] Ranges() => [.. Registry.Requests.Where(request => request.Method == "PATCH").Select(request => request.Headers["Content-Range"])];

    private byte[] Sent() => [.. Registry.Requests.Where(request => request.Method == "PATCH").SelectMany(request => request.Body)];

    /// <summary>Methods and lengths of the requests that carry, or end, an upload.</summary>
    private string Bodies(int from) => string.Join(' ', Registry.Requests.Skip(from)
        .Where(request => request.Method is "PUT" or "PATCH")
        .Select(request => $"{request.Method}:{request.Headers["Content-Length"]}"));

    /// <summary>A registry behind a proxy that takes bodies of a certain length.</summary>
    private sealed class UploadsUpTo(long limit)
    {
        public Reply Answer(ReceivedRequest request) => request.Method switch
        {
            "HEAD" => new Reply(404),
            "POST" => new Reply(202) { Headers = { ["Location"] = Uploads + "1" } },
            "DELETE" => new Reply(204),
            _ when long.Parse(request.Headers["Content-Length"], CultureInfo.InvariantCulture) > limit => new Reply(413, "<html>413 Request Entity Too Large</html>", "text/html"),
            "PATCH" => Chunk("1", $"0-{request.Headers["Content-Range"].Split('-')[1]}"),
            _ => new Reply(201),
        };
    }
}

using System.Text;
using MultiArch.Debian.Archive;
using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Debian.Tests.Archive;

[TestClass]
public sealed class ArchiveClientTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];

    [TestMethod]
    public async Task What_breaks_off_goes_on_where_it_did()
    {
        using var shop = new Shop();
        await WriteAsync(shop);
        shop.Archive.Server.On("file", Cut(100_000));

        CollectionAssert.AreEqual(Content, await FetchAsync(shop));

        var requests = shop.Archive.Server.Requests;
        Assert.HasCount(2, requests);
        StringAssert.StartsWith(requests[1].Headers["Range"], "bytes=");
        StringAssert.Contains(((ArchiveEvent.Retrying)shop.Events.All[0]).Reason, "broke off");
    }

    [TestMethod]
    public async Task What_has_changed_in_between_starts_again()
    {
        using var shop = new Shop();
        await WriteAsync(shop);
        shop.Archive.Server.On("file", Cut(100_000));
        shop.Archive.Server.On("file", new Reply(200, Content, "application/octet-stream"));

        CollectionAssert.AreEqual(Content, await FetchAsync(shop));
    }

    [TestMethod]
    [DataRow(500)]
    [DataRow(503)]
    [DataRow(429)]
    public async Task A_busy_archive_is_asked_again(int status)
    {
        using var shop = new Shop();
        await WriteAsync(shop);
        shop.Archive.Server.On("file", new Reply(status) { Headers = { ["Retry-After"] = "7" } }, times: 3);

        CollectionAssert.AreEqual(Content, await FetchAsync(shop));

        CollectionAssert.AreEqual(Enumerable.Repeat(TimeSpan.FromSeconds(7), 3).ToArray(), shop.Events.All.OfType<ArchiveEvent.Retrying>().Select(retry => retry.Delay).ToArray());
    }

    [TestMethod]
    public async Task An_archive_that_stays_broken_is_named_with_how_often_it_was_tried()
    {
        using var shop = new Shop();
        shop.Archive.Server.On("file", new Reply(502), times: 10);

        await RefusesAsync(shop, DiagnosticCodes.ArchiveRefused, "asked for the file of a test, answered 502 Scripted. It was tried 4 times. Try again later, or correct an item of a test.");
        Assert.HasCount(4, shop.Archive.Server.Requests);
    }

    [TestMethod]
    public async Task A_refusal_is_not_asked_again()
    {
        using var shop = new Shop();
        shop.Archive.Server.On("file", new Reply(403), times: 10);

        await RefusesAsync(shop, DiagnosticCodes.ArchiveRefused, "answered 403 Scripted.");
        Assert.HasCount(1, shop.Archive.Server.Requests);
    }

    [TestMethod]
    public async Task Nobody_there_is_named()
    {
        using var shop = new Shop();
        shop.Archive.Server.Dispose();

        var host = shop.Archive.Server.Uri.Authority;
        await RefusesAsync(
            shop,
            DiagnosticCodes.ArchiveUnreachable,
            $"{host} cannot be reached: Connection refused. It was tried 2 times. Check the network and its proxy, or correct an item of a test. Without a network a build needs multiarch.lock.json, and its packages in the cache.");
        Assert.AreEqual(host, ((ArchiveEvent.Retrying)shop.Events.All.Single()).Host);
    }

    [TestMethod]
    public async Task An_unknown_host_is_soon_given_up()
    {
        using var shop = new Shop();

        var failure = await Assert.ThrowsAsync<MultiArchException>(() => shop.Client.FetchAsync(
            new ArchiveRequest(new Uri("http://archive.invalid/file"), "the file of a test", 1, "an item of a test"), new MemoryStream(), CancellationToken.None));

        StringAssert.StartsWith(failure.Message, "The name service of this machine knows no archive.invalid. It was tried 2 times. Check the network");
    }

    [TestMethod]
    public async Task A_silent_archive_is_given_up()
    {
        using var shop = new Shop();
        shop.Client.Dispose();
        shop.Client = new ArchiveClient(shop.Options with { IdleTimeout = TimeSpan.FromSeconds(0.3), Attempts = 2 });
        shop.Archive.Server.On("file", new Reply(200, "begun", "text/plain") { Fault = Fault.StallBody }, times: 10);

        await RefusesAsync(shop, DiagnosticCodes.ArchiveUnreachable, "was silent for 0.3 s. It was tried 2 times.");
    }

    [TestMethod]
    public async Task A_redirect_is_followed_within_bounds()
    {
        using var shop = new Shop();
        await WriteAsync(shop);
        shop.Archive.Server.On("old/file", Redirect("/file"));
        CollectionAssert.AreEqual(Content, await FetchAsync(shop, "old/file"));

        shop.Archive.Server.On("loop", Redirect("/loop"), times: 100);
        await RefusesAsync(shop, DiagnosticCodes.ArchiveRefused, "sent us on more than 5 times", "loop");

        foreach (var target in new[] { "file:///etc/passwd", "ftp://archive.test/", "http://me:secret@archive.test/" })
        {
            shop.Archive.Server.On("away", Redirect(target));
            await RefusesAsync(shop, DiagnosticCodes.ArchiveRefused, "sent us on without a usable address, and we did not go", "away");
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task More_than_was_announced_is_not_taken(bool hasLength)
    {
        using var shop = new Shop();
        var reply = new Reply(200, new byte[Content.Length + 1], "application/octet-stream");
        if (!hasLength)
        {
            reply = new Reply(200, Encoding.Latin1.GetBytes($"{Content.Length + 1:x}\r\n{Encoding.Latin1.GetString(new byte[Content.Length + 1])}\r\n0\r\n\r\n"))
            {
                Headers = { ["Content-Length"] = "", ["Transfer-Encoding"] = "chunked" },
            };
        }

        shop.Archive.Server.On("file", reply);

        await RefusesAsync(shop, DiagnosticCodes.ArchiveContentMismatch, $"sends more than {Content.Length} bytes");
    }

    [TestMethod]
    public async Task A_cancelled_download_ends_as_cancelled()
    {
        using var shop = new Shop();
        using var cancellation = new CancellationTokenSource();
        shop.Archive.Server.On("file", new Reply(200, "begun", "text/plain") { Fault = Fault.StallBody });

        var fetch = FetchAsync(shop, cancellationToken: cancellation.Token);
        await shop.Archive.Server.Stalled;
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => fetch);
    }

    private static Reply Cut(int after) => new(200, Content, "application/octet-stream")
    {
        Fault = Fault.CutBody,
        CutAfter = after,
        Headers = { ["ETag"] = "\"1\"" },
    };

    private static Reply Redirect(string target) => new(302) { Headers = { ["Location"] = target } };

    private static Task WriteAsync(Shop shop) => File.WriteAllBytesAsync(Path.Combine(shop.Archive.Root, "file"), Content);

    private static async Task<byte[]> FetchAsync(Shop shop, string path = "file", CancellationToken cancellationToken = default)
    {
        using var destination = new MemoryStream();
        var answer = await shop.Client.FetchAsync(
            new ArchiveRequest(new Uri(shop.Archive.Server.Uri, path), "the file of a test", Content.Length, "an item of a test"), destination, cancellationToken);
        Assert.AreEqual(ArchiveOutcome.Content, answer.Outcome);
        return destination.ToArray();
    }

    private static async Task RefusesAsync(Shop shop, string code, string reason, string path = "file")
    {
        var failure = await Assert.ThrowsAsync<MultiArchException>(() => FetchAsync(shop, path));
        Assert.AreEqual(code, failure.Code, failure.Message);
        StringAssert.Contains(failure.Message, reason);
        Assert.DoesNotContain("secret", failure.Message);
        Assert.DoesNotContain("\n", failure.Message);
    }
}

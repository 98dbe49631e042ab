using System.IO.Compression;
using MultiArch.Oci.Layers;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Layers;

[TestClass]
public sealed class GzipBlockStreamTests
{
    private const int MiB = 1024 * 1024;

    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(MiB - 1)]
    [DataRow(MiB)]
    [DataRow(MiB + 1)]
    [DataRow((5 * MiB) + 12345)]
    public async Task Gzip_accepts_the_one_member_and_finds_the_same_bytes(int length)
    {
        Tool.Require("gzip");
        var content = Content(length);

        var compressed = await CompressAsync(content, workers: 2);

        Shell.Text("gzip", ["-t"], compressed);
        var (_, output, _) = Shell.Run("gzip", ["-dc"], compressed);
        Assert.AreEqual(Digest.Of(content), Digest.Of(output));
    }

    [TestMethod]
    public async Task There_is_one_member_with_a_header_that_tells_nothing()
    {
        var compressed = await CompressAsync(Content(3 * MiB), workers: 2);

        CollectionAssert.AreEqual(new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255 }, compressed[..10]);
        using var deflated = new DeflateStream(new MemoryStream(compressed[10..^8]), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        await deflated.CopyToAsync(plain, TestContext.CancellationToken);
        Assert.AreEqual(3 * MiB, plain.Length);
    }

    [TestMethod]
    public async Task Any_number_of_workers_gives_the_same_bytes()
    {
        var content = Content((9 * MiB) + 7);
        var one = await CompressAsync(content, workers: 1);

        CollectionAssert.AreEqual(one, await CompressAsync(content, workers: 2));
        CollectionAssert.AreEqual(one, await CompressAsync(content, workers: 8));
        Assert.IsLessThan(content.Length, one.Length);
    }

    [TestMethod]
    public async Task Small_writes_flushes_and_synchronous_use_give_the_same_bytes()
    {
        var content = Content((2 * MiB) + 99);
        var expected = await CompressAsync(content, workers: 2);

        using var destination = new MemoryStream();
        using (var gzip = new GzipBlockStream(destination, workers: 3, level: 3))
        {
            for (var at = 0; at < content.Length; at += 10_007)
            {
                gzip.Write(content, at, Math.Min(10_007, content.Length - at));
                gzip.Flush();
            }
        }

        CollectionAssert.AreEqual(expected, destination.ToArray());
    }

    [TestMethod]
    public async Task The_level_counts()
    {
        var content = Content(2 * MiB);

        Assert.IsLessThan((await CompressAsync(content, workers: 2, level: 1)).Length, (await CompressAsync(content, workers: 2, level: 9)).Length);
    }

    [TestMethod]
    public async Task A_slow_destination_holds_the_writer_back()
    {
        using var destination = new GatedStream();
        var gzip = new GzipBlockStream(destination, workers: 2, level: 3);
        var written = 0;

        var writing = Task.Run(async () =>
        {
            for (; written < 20; written++)
            {
                await gzip.WriteAsync(new byte[MiB], TestContext.CancellationToken);
            }
        });
        await Task.WhenAny(writing, destination.Reached);
        await Task.WhenAny(writing, Task.Delay(200, TestContext.CancellationToken));

        Assert.IsFalse(writing.IsCompleted);
        Assert.IsLessThan(6, written);
        destination.Open();
        await writing;
        await gzip.DisposeAsync();
        Assert.AreEqual(20, written);
    }

    [TestMethod]
    public async Task The_failure_of_the_destination_surfaces_and_goes_on_surfacing()
    {
        var gzip = new GzipBlockStream(new FailingStream(), workers: 2, level: 3);

        var first = await Assert.ThrowsExactlyAsync<IOException>(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await gzip.WriteAsync(Content(MiB), TestContext.CancellationToken);
            }
        });
        var second = await Assert.ThrowsExactlyAsync<IOException>(async () => await gzip.WriteAsync(new byte[1], TestContext.CancellationToken));
        await gzip.DisposeAsync();

        Assert.AreEqual("the disk is gone", first.Message);
        Assert.AreEqual("the disk is gone", second.Message);
    }

    [TestMethod]
    public async Task A_failure_at_the_end_surfaces_from_disposal()
    {
        var gzip = new GzipBlockStream(new FailingStream(), workers: 2, level: 3);
        await gzip.WriteAsync(new byte[10], TestContext.CancellationToken);

        await Assert.ThrowsExactlyAsync<IOException>(async () => await gzip.DisposeAsync());
    }

    private static async Task<byte[]> CompressAsync(byte[] content, int workers, int level = 3)
    {
        using var destination = new MemoryStream();
        await using (var gzip = new GzipBlockStream(destination, workers, level))
        {
            await gzip.WriteAsync(content);
        }

        return destination.ToArray();
    }

    /// <summary>Half noise, half repetition, and the same every time.</summary>
    private static byte[] Content(int length)
    {
        var content = new byte[length];
        var random = new Random(20260101);
        for (var at = 0; at < length; at += 4096)
        {
            var part = content.AsSpan(at, Math.Min(4096, length - at));
            if (at / 4096 % 2 == 0)
            {
                random.NextBytes(part);
            }
            else
            {
                part.Fill((byte)(at / 4096));
                content.AsSpan(Math.Max(0, at - 300), Math.Min(200, part.Length)).CopyTo(part);
            }
        }

        return content;
    }

    private sealed class FailingStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException(new IOException("the disk is gone"));
    }

    private sealed class GatedStream : MemoryStream
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Open() => _open.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _reached.TrySetResult();
            await _open.Task;
            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}

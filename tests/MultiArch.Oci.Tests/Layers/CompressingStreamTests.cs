using System.IO.Compression;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Layers.Compression;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Layers;

[TestClass]
public sealed class CompressingStreamTests
{
    private const int MiB = 1024 * 1024;

    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

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

        var compressed = await CompressAsync(content, workers: 2, LayerCompression.Default);

        Shell.Text("gzip", ["-t"], compressed);
        var (_, output, _) = Shell.Run("gzip", ["-dc"], compressed);
        Assert.AreEqual(Digest.Of(content), Digest.Of(output));
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow((2 * MiB) - 1, 3)]
    [DataRow(2 * MiB, 3)]
    [DataRow((2 * MiB) + 1, 3)]
    [DataRow((5 * MiB) + 12345, 3)]
    [DataRow((5 * MiB) + 12345, 19)]
    public async Task Zstd_accepts_the_frames_and_finds_the_same_bytes(int length, int level)
    {
        Tool.Require("zstd");
        var content = Content(length);

        var compressed = await CompressAsync(content, workers: 2, LayerCompression.Zstd(level));

        Shell.Text("zstd", ["-t"], compressed);
        var (_, output, _) = Shell.Run("zstd", ["-dc"], compressed);
        Assert.AreEqual(Digest.Of(content), Digest.Of(output));
    }

    /// <summary>What zstd's package makes of an input is the same everywhere, so its bytes can be pinned. Another digest is another layer for every user: say so in the changelog.</summary>
    [TestMethod]
    public async Task Zstd_gives_these_very_bytes_on_every_machine()
    {
        var compressed = await CompressAsync(Content((3 * MiB) + 5), workers: 2, LayerCompression.Zstd(3));

        Assert.AreEqual("sha256:6c5ad6db03d669e02fa2d1c02a86940a3bbfb500e1f537de65ed94720f21c7ac", Digest.Of(compressed).ToString());
    }

    [TestMethod]
    public async Task There_is_one_gzip_member_with_a_header_that_tells_nothing()
    {
        var compressed = await CompressAsync(Content(3 * MiB), workers: 2, LayerCompression.Default);

        CollectionAssert.AreEqual(new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255 }, compressed[..10]);
        using var deflated = new DeflateStream(new MemoryStream(compressed[10..^8]), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        await deflated.CopyToAsync(plain, Token);
        Assert.AreEqual(3 * MiB, plain.Length);
    }

    [TestMethod]
    [DynamicData(nameof(Compressions))]
    public async Task Any_number_of_workers_gives_the_same_bytes(LayerCompression compression)
    {
        var content = Content((9 * MiB) + 7);
        var one = await CompressAsync(content, workers: 1, compression);

        CollectionAssert.AreEqual(one, await CompressAsync(content, workers: 2, compression));
        CollectionAssert.AreEqual(one, await CompressAsync(content, workers: 8, compression));
        Assert.IsLessThan(content.Length, one.Length);
    }

    [TestMethod]
    [DynamicData(nameof(Compressions))]
    public async Task Small_writes_flushes_and_synchronous_use_give_the_same_bytes(LayerCompression compression)
    {
        var content = Content((4 * MiB) + 99);
        var expected = await CompressAsync(content, workers: 2, compression);

        using var pool = new PackingPool(workers: 3);
        using var destination = new MemoryStream();
        using (var compressing = new CompressingStream(destination, compression, pool))
        {
            for (var at = 0; at < content.Length; at += 10_007)
            {
                compressing.Write(content, at, Math.Min(10_007, content.Length - at));
                compressing.Flush();
            }

            await compressing.CompleteAsync(Token);
        }

        CollectionAssert.AreEqual(expected, destination.ToArray());
    }

    [TestMethod]
    public async Task The_level_counts()
    {
        var content = await File.ReadAllBytesAsync(typeof(LayerCompression).Assembly.Location, Token);

        var gzip = (await CompressAsync(content, workers: 2, LayerCompression.Gzip(1))).Length;
        var zstd = (await CompressAsync(content, workers: 2, LayerCompression.Zstd(1))).Length;

        Assert.IsLessThan(gzip, (await CompressAsync(content, workers: 2, LayerCompression.Gzip(9))).Length);
        Assert.IsLessThan(zstd, (await CompressAsync(content, workers: 2, LayerCompression.Zstd(19))).Length);
    }

    [TestMethod]
    public async Task Input_that_cannot_be_compressed_fits()
    {
        var noise = new byte[5 * MiB];
        new Random(3).NextBytes(noise);

        foreach (var compression in new[] { LayerCompression.Gzip(0), LayerCompression.Gzip(1), LayerCompression.Gzip(9), LayerCompression.Zstd(1), LayerCompression.Zstd(19) })
        {
            Assert.IsLessThan(noise.Length * 9 / 8, (await CompressAsync(noise, workers: 2, compression)).Length, compression.ToString());
        }
    }

    [TestMethod]
    public async Task A_slow_destination_holds_the_writer_back()
    {
        using var destination = new GatedStream();
        using var pool = new PackingPool(workers: 2);
        await using var compressing = new CompressingStream(destination, LayerCompression.Default, pool);
        var written = 0;

        var writing = Task.Run(async () =>
        {
            for (; written < 20; written++)
            {
                await compressing.WriteAsync(new byte[MiB], Token);
            }
        });
        await Task.WhenAny(writing, destination.Reached);
        await Task.WhenAny(writing, Task.Delay(200, Token));

        Assert.IsFalse(writing.IsCompleted);
        Assert.IsLessThanOrEqualTo(pool.Blocks, written);
        destination.Open();
        await writing;
        await compressing.CompleteAsync(Token);
        Assert.AreEqual(20, written);
    }

    [TestMethod]
    public async Task The_failure_of_the_destination_surfaces_and_goes_on_surfacing()
    {
        using var pool = new PackingPool(workers: 2);
        await using var compressing = new CompressingStream(new FailingStream(), LayerCompression.Default, pool);

        var first = await Assert.ThrowsExactlyAsync<IOException>(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await compressing.WriteAsync(Content(MiB), Token);
            }
        });
        var second = await Assert.ThrowsExactlyAsync<IOException>(async () => await compressing.WriteAsync(new byte[1], Token));
        var third = await Assert.ThrowsExactlyAsync<IOException>(() => compressing.CompleteAsync(Token));

        Assert.AreEqual("the disk is gone", first.Message);
        Assert.AreEqual("the disk is gone", second.Message);
        Assert.AreEqual("the disk is gone", third.Message);
    }

    [TestMethod]
    public async Task A_failure_at_the_end_surfaces_from_completion()
    {
        using var pool = new PackingPool(workers: 2);
        await using var compressing = new CompressingStream(new FailingStream(), LayerCompression.Default, pool);
        await compressing.WriteAsync(new byte[10], Token);

        await Assert.ThrowsExactlyAsync<IOException>(() => compressing.CompleteAsync(Token));
    }

    [TestMethod]
    public async Task What_is_not_completed_gets_no_end_and_gives_all_blocks_back()
    {
        using var pool = new PackingPool(workers: 2);
        using var destination = new MemoryStream();
        await using (var abandoned = new CompressingStream(destination, LayerCompression.Default, pool))
        {
            await abandoned.WriteAsync(Content((5 * MiB) + 3), Token);
        }

        CollectionAssert.AreNotEqual(await CompressAsync(Content((5 * MiB) + 3), workers: 2, LayerCompression.Default), destination.ToArray());
        for (var i = 0; i < pool.Blocks; i++)
        {
            Assert.IsTrue(pool.RentAsync(MiB, Token).IsCompletedSuccessfully);
        }
    }

    private static IEnumerable<LayerCompression> Compressions => [LayerCompression.Default, LayerCompression.Zstd()];

    private static async Task<byte[]> CompressAsync(byte[] content, int workers, LayerCompression compression)
    {
        using var pool = new PackingPool(workers);
        using var destination = new MemoryStream();
        await using var compressing = new CompressingStream(destination, compression, pool);
        await compressing.WriteAsync(content);
        await compressing.CompleteAsync(CancellationToken.None);
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

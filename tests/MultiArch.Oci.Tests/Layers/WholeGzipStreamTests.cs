using System.IO.Compression;
using MultiArch.Oci.Layers.Compression;

namespace MultiArch.Oci.Tests.Layers;

[TestClass]
public sealed class WholeGzipStreamTests(TestContext context)
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(40)]
    [DataRow(8_192)]
    [DataRow(3_000_000)]
    public async Task A_member_of_any_size_is_read(int size)
    {
        foreach (var level in new[] { CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.SmallestSize })
        {
            var content = Bytes(size);

            CollectionAssert.AreEqual(content, await ReadAsync(Gzip(content, level)));
        }
    }

    [TestMethod]
    public async Task Whatever_is_cut_off_is_missed()
    {
        var whole = Gzip(Bytes(1_000), CompressionLevel.Fastest);
        for (var length = 0; length < whole.Length; length++)
        {
            await Assert.ThrowsExactlyAsync<InvalidDataException>(() => ReadAsync(whole[..length]), $"{length} of {whole.Length} bytes");
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(8)]
    [DataRow(32)]
    [DataRow(40)]
    [DataRow(9_000)]
    public async Task Whatever_stands_behind_is_seen_even_with_a_trailer_of_its_own(int more)
    {
        var whole = Gzip(Bytes(1_000), CompressionLevel.Fastest);

        await Assert.ThrowsExactlyAsync<InvalidDataException>(() => ReadAsync([.. whole, .. new byte[more]]));
        await Assert.ThrowsExactlyAsync<InvalidDataException>(() => ReadAsync([.. whole, .. new byte[more], .. whole[^8..]]));
    }

    [TestMethod]
    public async Task Another_checksum_or_length_is_refused()
    {
        var whole = Gzip(Bytes(1_000), CompressionLevel.Fastest);
        foreach (var index in new[] { 0, 3, whole.Length - 8, whole.Length - 1 })
        {
            var changed = whole.ToArray();
            changed[index] ^= 1;

            await Assert.ThrowsExactlyAsync<InvalidDataException>(() => ReadAsync(changed), $"byte {index}");
        }
    }

    private async Task<byte[]> ReadAsync(byte[] compressed)
    {
        await using var stream = new WholeGzipStream(new MemoryStream(compressed), compressed.Length);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, context.CancellationToken);
        return content.ToArray();
    }

    private static byte[] Gzip(byte[] content, CompressionLevel level)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, level))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    private static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes.AsSpan(0, size / 2)); // Half of it cannot be compressed.
        return bytes;
    }
}

using System.Buffers;
using System.Security.Cryptography;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Layers.Compression;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>"This blob is that tar", said by someone whose word does not count, and found true or not by reading the blob.</summary>
internal static class LayerClaim
{
    private const int BufferSize = 128 * 1024;

    // What no encoder exceeds when its input cannot be compressed, with room to spare: who says more wants us to read for ever.
    private const int MaxOverhead = 64 * 1024;

    /// <summary>Reads the blob through and keeps nothing of it: no more than it says it has, and no more of its tar than ours has.</summary>
    /// <param name="tarSize">Bytes.</param>
    /// <exception cref="MultiArchException">The blob cannot be read, or is not its digest's.</exception>
    public static async Task<bool> IsTrueAsync(IImageStore store, Descriptor blob, Digest diffId, long tarSize, CancellationToken cancellationToken)
    {
        if (blob.Size > tarSize + (tarSize / 100) + MaxOverhead)
        {
            return false;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using var content = VerifyingStream.Over(
                await store.OpenBlobAsync(blob, cancellationToken), blob, store.Repository?.Name ?? "the cache", DiagnosticCodes.ContentMismatch);
            await using var tar = LayerDecompression.Open(content, blob.MediaType, blob.Size);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var count = 0L;
            while (await tar.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                count += read;
                if (count > tarSize)
                {
                    return false;
                }

                hash.AppendData(buffer, 0, read);
            }

            // Decompressing may stop before the end, and a blob is verified at its end.
            await content.CopyToAsync(Stream.Null, cancellationToken);
            return count == tarSize && Digest.FromHash(hash.GetHashAndReset()) == diffId;
        }
        catch (Exception e) when (e is not (MultiArchException or OperationCanceledException))
        {
            return false; // Decompressors have many ways to say that it is not so compressed.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

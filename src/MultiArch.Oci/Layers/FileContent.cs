using System.Buffers;
using System.Security.Cryptography;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Layers;

/// <summary>What one pass over a file tells.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="IsExecutable">A script with <c>#!</c>, or an ELF file that the kernel starts: never taken from the host's mode.</param>
internal sealed record FileContent(long Size, Digest Digest, bool IsExecutable)
{
    private const int BufferSize = 128 * 1024;
    private const int MagicSize = 4;

    /// <exception cref="MultiArchException">As of <see cref="SourceFile.Open"/>.</exception>
    public static async Task<FileContent> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using var stream = SourceFile.Open(path);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var count = await stream.ReadAtLeastAsync(buffer, MagicSize, throwOnEndOfStream: false, cancellationToken);
            var isScript = buffer.AsSpan(0, count).StartsWith("#!"u8);
            var isElf = buffer.AsSpan(0, count).StartsWith(ElfFile.Magic);
            var size = 0L;
            for (; count > 0; count = await stream.ReadAsync(buffer, cancellationToken))
            {
                hash.AppendData(buffer, 0, count);
                size += count;
            }

            // The program headers of a patched file may lie at its end, so the head in memory does not always hold them.
            var isExecutable = isScript || (isElf && ElfFile.TryRead(stream) is { IsExecutable: true });
            return new FileContent(size, Digest.FromHash(hash.GetHashAndReset()), isExecutable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SourceFile.Fault(path, e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

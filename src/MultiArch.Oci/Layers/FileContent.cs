using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Layers;

/// <summary>What one pass over a file tells.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="IsExecutable">A script with <c>#!</c>, or an ELF file that the kernel starts: never taken from the host's mode.</param>
internal sealed record FileContent(long Size, Digest Digest, bool IsExecutable)
{
    private const int BufferSize = 128 * 1024;

    /// <exception cref="MultiArchException">As of <see cref="SourceFile.Open"/>.</exception>
    public static FileContent Read(string path, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var file = SourceFile.OpenHandle(path);
            var head = buffer.AsSpan(0, ReadFully(file, buffer, 0));
            var isScript = head.StartsWith("#!"u8);
            var isElf = head.StartsWith(ElfFile.Magic);
            var (size, digest) = head.Length < buffer.Length ? (head.Length, Digest.Of(head)) : Hash(file, buffer, cancellationToken);

            // The program headers of a patched file may lie at its end, so the head in memory does not always hold them.
            return new FileContent(size, digest, isScript || (isElf && IsExecutableElf(file)));
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

    /// <param name="buffer">Full of the file's first bytes.</param>
    private static (long Size, Digest Digest) Hash(SafeFileHandle file, byte[] buffer, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = 0L;
        for (var count = buffer.Length; count > 0; count = RandomAccess.Read(file, buffer, size))
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, count);
            size += count;
        }

        return (size, Digest.FromHash(hash.GetHashAndReset()));
    }

    /// <returns>Bytes read; fewer than asked for only at the end of the file.</returns>
    private static int ReadFully(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var count = 0;
        while (count < buffer.Length && RandomAccess.Read(file, buffer[count..], offset + count) is > 0 and var read)
        {
            count += read;
        }

        return count;
    }

    private static bool IsExecutableElf(SafeFileHandle file)
    {
        using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
        return ElfFile.TryRead(stream) is { IsExecutable: true };
    }
}

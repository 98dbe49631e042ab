using System.Buffers;

namespace MultiArch.Build;

internal static class FileBytes
{
    private const int BufferSize = 128 * 1024;

    /// <exception cref="IOException">One of them cannot be read.</exception>
    public static bool AreEqual(string path, string other)
    {
        using var first = File.OpenHandle(path, options: FileOptions.SequentialScan);
        using var second = File.OpenHandle(other, options: FileOptions.SequentialScan);
        var buffers = ArrayPool<byte>.Shared.Rent(2 * BufferSize);
        try
        {
            var mine = buffers.AsSpan(0, BufferSize);
            var others = buffers.AsSpan(BufferSize, BufferSize);
            for (long position = 0; ;)
            {
                var read = ReadBlock(first, mine, position);
                if (read != ReadBlock(second, others, position) || !mine[..read].SequenceEqual(others[..read]))
                {
                    return false;
                }

                if (read < BufferSize)
                {
                    return true;
                }

                position += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffers);
        }
    }

    /// <returns>Less than the buffer holds only at the end of the file.</returns>
    private static int ReadBlock(Microsoft.Win32.SafeHandles.SafeFileHandle file, Span<byte> buffer, long position)
    {
        var total = 0;
        while (total < buffer.Length && RandomAccess.Read(file, buffer[total..], position + total) is > 0 and var read)
        {
            total += read;
        }

        return total;
    }
}

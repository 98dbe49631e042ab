using System.IO.Compression;
using SharpCompress.Compressors.Xz;
using SharpCompress.Compressors.ZStandard;

namespace MultiArch.Debian.Archive;

/// <summary>Unpacks an index within a size.</summary>
internal static class IndexDecompression
{
    // Bytes that are reserved before any has come.
    private const int MaxReserve = 128 * 1024 * 1024;

    /// <param name="extension">As in <see cref="ListedIndex"/>.</param>
    /// <param name="maxSize">Bytes of what comes out; more is refused.</param>
    /// <param name="expectedSize">Bytes of what is likely to come out; 0 when nobody knows.</param>
    /// <exception cref="InvalidDataException">It is damaged or too large; the message is the end of a sentence.</exception>
    public static ReadOnlyMemory<byte> Decompress(byte[] content, string extension, int maxSize, int expectedSize = 0)
    {
        if (extension.Length == 0)
        {
            return content.Length <= maxSize ? content : throw TooLarge(maxSize);
        }

        var input = new MemoryStream(content);
        try
        {
            using var stream = Open(input, extension);
            var output = Read(stream, maxSize, Math.Min(expectedSize, MaxReserve));
            // An xz reader stops at the end of the first stream, whatever stands behind it.
            return input.Position == input.Length ? output : throw new InvalidDataException("something stands behind its end");
        }
        catch (Exception e) when (e is not (InvalidDataException or OutOfMemoryException))
        {
            // SharpCompress 0.50 has a type for each kind of damage, ArgumentOutOfRangeException for a footer that is missing.
            throw new InvalidDataException($"it is damaged ({e.Message.TrimEnd('.')})", e);
        }
    }

    private static Stream Open(Stream input, string extension) => extension switch
    {
        ".xz" => new XZStream(input),
        ".zst" => new DecompressionStream(input),
        ".gz" => new GZipStream(input, CompressionMode.Decompress),
        _ => throw new ArgumentOutOfRangeException(nameof(extension), extension, message: null),
    };

    private static ReadOnlyMemory<byte> Read(Stream stream, int maxSize, int capacity)
    {
        using var output = new MemoryStream(capacity);
        var buffer = new byte[128 * 1024];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            if (output.Length + read > maxSize)
            {
                throw TooLarge(maxSize);
            }

            output.Write(buffer.AsSpan(0, read));
        }

        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    private static InvalidDataException TooLarge(int maxSize) => new($"it unpacks to more than {maxSize} bytes");
}

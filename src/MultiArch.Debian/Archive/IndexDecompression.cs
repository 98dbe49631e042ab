using System.IO.Compression;
using SharpCompress.Compressors.Xz;
using SharpCompress.Compressors.ZStandard;

namespace MultiArch.Debian.Archive;

/// <summary>Unpacks an index within a size.</summary>
internal static class IndexDecompression
{
    /// <param name="extension">As in <see cref="ListedIndex"/>.</param>
    /// <param name="maxSize">Bytes of what comes out; more is refused.</param>
    /// <exception cref="InvalidDataException">It is damaged or too large; the message is the end of a sentence.</exception>
    public static byte[] Decompress(byte[] content, string extension, int maxSize)
    {
        if (extension.Length == 0)
        {
            return content.Length <= maxSize ? content : throw TooLarge(maxSize);
        }

        var input = new MemoryStream(content);
        try
        {
            using var stream = Open(input, extension);
            var output = Read(stream, maxSize);
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

    private static byte[] Read(Stream stream, int maxSize)
    {
        using var output = new MemoryStream();
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

        return output.ToArray();
    }

    private static InvalidDataException TooLarge(int maxSize) => new($"it unpacks to more than {maxSize} bytes");
}

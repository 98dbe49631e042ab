using System.Globalization;
using MultiArch.Oci;
using MultiArch.Oci.Layers;

namespace MultiArch.Build;

/// <summary>Reads the properties MultiArchCompression, MultiArchGzipLevel and MultiArchZstdLevel.</summary>
internal static class CompressionSettings
{
    /// <param name="name"><c>gzip</c>, <c>zstd</c> or empty, which is gzip.</param>
    /// <param name="gzipLevel">Empty for the default; looked at with zstd too, as is the other with gzip: a wrong one is a mistake either way.</param>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.InvalidCompression"/>, <see cref="DiagnosticCodes.InvalidCompressionLevel"/> or, for zstd in Docker's
    /// format, <see cref="DiagnosticCodes.InvalidImageFormat"/>.
    /// </exception>
    public static LayerCompression Parse(string name, string gzipLevel, string zstdLevel, ImageFormat format)
    {
        var gzip = LayerCompression.Gzip(ParseLevel("MultiArchGzipLevel", gzipLevel, LayerCompression.DefaultGzipLevel, 0, 9));
        var zstd = LayerCompression.Zstd(ParseLevel("MultiArchZstdLevel", zstdLevel, LayerCompression.DefaultZstdLevel, 1, 19));
        return name.ToUpperInvariant() switch
        {
            "" or "GZIP" => gzip,
            "ZSTD" when format is ImageFormat.Docker => throw new MultiArchException(
                DiagnosticCodes.InvalidImageFormat,
                $"MultiArchCompression '{name}' and ContainerImageFormat Docker exclude each other: Docker's format has no media type for zstd. Set ContainerImageFormat to OCI, or MultiArchCompression to gzip."),
            "ZSTD" => zstd,
            _ => throw new MultiArchException(DiagnosticCodes.InvalidCompression, $"MultiArchCompression '{name}' is unknown. Set it to gzip or zstd."),
        };
    }

    private static int ParseLevel(string property, string text, int @default, int min, int max)
    {
        if (text.Length == 0)
        {
            return @default;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level >= min && level <= max
            ? level
            : throw new MultiArchException(DiagnosticCodes.InvalidCompressionLevel, $"{property} '{text}' is not a level. Set it to a number from {min} to {max}; {@default} is the default.");
    }
}

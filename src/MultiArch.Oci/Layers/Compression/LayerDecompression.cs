using System.IO.Compression;
using SharpCompress.Compressors.ZStandard;

namespace MultiArch.Oci.Layers.Compression;

/// <summary>Reads the tar of a layer that somebody else compressed.</summary>
internal static class LayerDecompression
{
    /// <param name="content">Left open, and perhaps not read to its end.</param>
    /// <param name="mediaType">Of gzip or zstd; nothing else is made here, so nothing else is read.</param>
    public static Stream Open(Stream content, string mediaType) =>
        mediaType is MediaTypes.OciLayerZstd ? OpenZstd(content) : new GZipStream(content, CompressionMode.Decompress, leaveOpen: true);

    /// <summary>Whether a stream has failed because its content is not so compressed.</summary>
    public static bool IsCorruption(Exception e) => e is InvalidDataException or ZstdException;

    // Apart, so that SharpCompress is loaded only for it.
    private static DecompressionStream OpenZstd(Stream content) => new(content, leaveOpen: true);
}

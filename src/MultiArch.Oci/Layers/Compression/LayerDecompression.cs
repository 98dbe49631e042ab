using SharpCompress.Compressors.ZStandard;

namespace MultiArch.Oci.Layers.Compression;

/// <summary>Reads the tar of a layer that somebody else compressed.</summary>
internal static class LayerDecompression
{
    /// <param name="content">Left open.</param>
    /// <param name="mediaType">Of gzip or zstd; nothing else is made here, so nothing else is read.</param>
    /// <param name="size">Bytes of the content.</param>
    public static Stream Open(Stream content, string mediaType, long size) =>
        mediaType is MediaTypes.OciLayerZstd ? OpenZstd(content) : new WholeGzipStream(content, size);

    // Apart, so that SharpCompress is loaded only for it.
    private static DecompressionStream OpenZstd(Stream content) => new(content, leaveOpen: true);
}

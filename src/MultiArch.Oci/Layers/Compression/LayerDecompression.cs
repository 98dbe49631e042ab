using System.IO.Compression;
using SharpCompress.Compressors.ZStandard;

namespace MultiArch.Oci.Layers.Compression;

/// <summary>Reads the tar of a layer that somebody else compressed.</summary>
internal static class LayerDecompression
{
    private const int MagicSize = 4;

    /// <param name="content">Left open.</param>
    /// <param name="mediaType">Of gzip or zstd; nothing else is made here, so nothing else is read.</param>
    /// <param name="size">Bytes of the content.</param>
    public static Stream Open(Stream content, string mediaType, long size) =>
        mediaType is MediaTypes.OciLayerZstd ? OpenZstd(content) : new WholeGzipStream(content, size);

    /// <summary>Unpacks a layer of any tool by what it begins with: gzip of any number of members, zstd, or a plain tar. Media types are not always true.</summary>
    /// <param name="content">Left open.</param>
    public static async Task<Stream> OpenAsync(Stream content, CancellationToken cancellationToken)
    {
        var head = new byte[MagicSize];
        var count = await content.ReadAtLeastAsync(head, MagicSize, throwOnEndOfStream: false, cancellationToken);
        var whole = new PrefixedStream(head.AsMemory(0, count), content);
        return head switch
        {
            [0x1F, 0x8B, ..] => new GZipStream(whole, CompressionMode.Decompress),
            [0x28, 0xB5, 0x2F, 0xFD] => OpenZstd(whole),
            // A skippable frame, as seekable formats begin: https://www.rfc-editor.org/rfc/rfc8878#section-3.1.2
            [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18] => OpenZstd(whole),
            _ => whole,
        };
    }

    // Apart, so that SharpCompress is loaded only for it.
    private static DecompressionStream OpenZstd(Stream content) => new(content, leaveOpen: true);
}

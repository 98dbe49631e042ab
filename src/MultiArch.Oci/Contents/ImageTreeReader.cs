using MultiArch.Oci.Formats;
using MultiArch.Oci.Layers.Compression;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Contents;

/// <summary>Reads what an image holds by streaming its layers, once for each manifest: the tree is kept in a file under the manifest's digest.</summary>
/// <remarks>Every layer is read to its end and hashed, both as it is stored and unpacked, before anything of it is believed.</remarks>
/// <param name="folder">Absolute; null keeps nothing. It may be lost, spoilt or shared: a file that does not fit is none.</param>
/// <param name="selection">Which files' bytes are kept.</param>
public sealed class ImageTreeReader(string? folder, ContentSelection selection)
{
    // A project has some platforms, and its base moves every month.
    private const int Capacity = 32;

    /// <summary>Bytes; 300,000 files make 10 MB.</summary>
    private const int MaxFileSize = 256 << 20;

    private readonly CacheFolder _files = new(folder, Capacity);

    /// <param name="manifest">Of the image's one platform.</param>
    /// <param name="name">Of the image, for messages.</param>
    /// <param name="layers">From the bottom up.</param>
    /// <param name="diffIds">As many, in the same order.</param>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.BaseContradictsItself"/>: a layer is damaged or not what the config says; or the store cannot be read.
    /// </exception>
    public async Task<MergedTree> ReadAsync(
        IImageStore store,
        string name,
        Digest manifest,
        IReadOnlyList<Descriptor> layers,
        IReadOnlyList<Digest> diffIds,
        CancellationToken cancellationToken)
    {
        var file = $"{manifest.Hex}.{Digest.Of(System.Text.Encoding.UTF8.GetBytes(selection.Identity)).Hex[..16]}.tree";
        var subject = $"{manifest} {selection.Identity}";
        if (_files.Read(file, MaxFileSize) is { } kept && TreeFile.Read(kept, subject) is { } known)
        {
            return known;
        }

        var tree = new MergedTree();
        var reader = new TreeLayerReader(selection);
        for (var i = 0; i < layers.Count; i++)
        {
            try
            {
                await ReadLayerAsync(store, layers[i], diffIds[i], reader, new LayerOnTree(tree, i + 1), cancellationToken);
            }
            catch (Exception e) when (e is not (OperationCanceledException or MultiArchException))
            {
                // Each decompressor has its own exceptions for what is damaged.
                throw new MultiArchException(
                    DiagnosticCodes.BaseContradictsItself,
                    $"The layer {layers[i].Digest} of the image '{name}' cannot be read: {OneLine.Of(e.Message).TrimEnd('.')}. Ask its publisher for a sound image, or set ContainerBaseImage to another one.",
                    e);
            }
        }

        _files.Write(file, TreeFile.Write(tree, subject));
        return tree;
    }

    private static async Task ReadLayerAsync(
        IImageStore store, Descriptor layer, Digest diffId, TreeLayerReader reader, LayerOnTree onTree, CancellationToken cancellationToken)
    {
        await using var blob = await store.OpenBlobAsync(layer, cancellationToken);
        await using var unpacked = await LayerDecompression.OpenAsync(blob, cancellationToken);
        await using var hashed = new HashedStream(unpacked);
        await reader.ReadAsync(hashed, onTree, cancellationToken);

        // A store's stream says at its end whether it was the blob; a decompressor may stop before.
        await blob.CopyToAsync(Stream.Null, cancellationToken);
        if (hashed.GetDigest() is var actual && actual != diffId)
        {
            throw new FormatException($"its config gives it the diffID {diffId}, and it is {actual}");
        }
    }
}

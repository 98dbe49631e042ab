using System.Collections.Concurrent;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Layers.Compression;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Audit;

/// <summary>Reads the layers of several images, each blob once: what only one image has goes into its tree at once, the rest is remembered until all is read.</summary>
/// <param name="shared">Layers that more than one of the images have.</param>
internal sealed class LayerReading(IImageStore store, ContentSelection selection, IReadOnlySet<Digest> shared)
{
    private readonly ConcurrentDictionary<Digest, Lazy<Task<(RecordedLayer Layer, Digest DiffId)>>> _recorded = new();

    /// <param name="layers">From the bottom up.</param>
    /// <param name="diffIds">As many, in the same order.</param>
    /// <exception cref="FormatException">A layer is damaged, or not what the config says; the message names it.</exception>
    /// <exception cref="MultiArchException">The store cannot be read.</exception>
    public async Task<MergedTree> ReadAsync(IReadOnlyList<Descriptor> layers, IReadOnlyList<Digest> diffIds, CancellationToken cancellationToken)
    {
        var tree = new MergedTree();
        for (var i = 0; i < layers.Count; i++)
        {
            try
            {
                var actual = await ReadAsync(layers[i], new LayerOnTree(tree, i + 1), cancellationToken);
                if (actual != diffIds[i])
                {
                    throw new FormatException($"the config gives it the diffID {diffIds[i]}, and it is {actual}");
                }
            }
            catch (Exception e) when (e is not (OperationCanceledException or MultiArchException))
            {
                // Each decompressor has its own exceptions for what is damaged.
                throw new FormatException($"the layer {layers[i].Digest} cannot be read: {OneLine.Of(e.Message).TrimEnd('.')}", e);
            }
        }

        return tree;
    }

    /// <returns>The digest of the layer unpacked.</returns>
    private async Task<Digest> ReadAsync(Descriptor layer, ILayerEntries entries, CancellationToken cancellationToken)
    {
        if (!shared.Contains(layer.Digest))
        {
            return await StreamAsync(layer, entries, cancellationToken);
        }

        var (recorded, diffId) = await _recorded.GetOrAdd(layer.Digest, _ => new(() => RecordAsync(layer, cancellationToken))).Value;
        recorded.AddTo(entries);
        return diffId;
    }

    private async Task<(RecordedLayer Layer, Digest DiffId)> RecordAsync(Descriptor layer, CancellationToken cancellationToken)
    {
        var recorded = new RecordedLayer();
        return (recorded, await StreamAsync(layer, recorded, cancellationToken));
    }

    private async Task<Digest> StreamAsync(Descriptor layer, ILayerEntries entries, CancellationToken cancellationToken)
    {
        await using var blob = await store.OpenBlobAsync(layer, cancellationToken);
        await using var unpacked = await LayerDecompression.OpenAsync(blob, cancellationToken);
        await using var hashed = new HashedStream(unpacked);
        await new TreeLayerReader(selection).ReadAsync(hashed, entries, cancellationToken);

        // A store's stream says at its end whether it was the blob; a decompressor may stop before.
        await blob.CopyToAsync(Stream.Null, cancellationToken);
        return hashed.GetDigest();
    }
}

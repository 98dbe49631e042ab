using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing.Combining;

/// <summary>An index that is stored, and what it joins.</summary>
/// <param name="Tags">Those that name it.</param>
internal sealed record CombinedImage(ChildSet Children, Document Index, IReadOnlyList<string> Tags, IReadOnlyDictionary<string, string> Annotations)
{
    /// <param name="writes">How each blob came to be at the destination.</param>
    /// <param name="intended">The tags that were asked for.</param>
    public PublishReport Report(Func<Digest, BlobWrite> writes, IReadOnlyList<string> intended) =>
        new(Index, [.. Children.Children.Select(child => Describe(child, writes))], Tags, Starts: true)
        {
            TagsIntended = intended,
            IndexAnnotations = Annotations,
        };

    private static PublishedImage Describe(Child child, Func<Digest, BlobWrite> writes)
    {
        var titles = child.Told?.Layers.Select(layer => layer.Title).ToList() ?? [];
        var layers = child.Content.Layers
            .Zip(child.Settings.RootFS.DiffIds, (layer, diffId) => (Layer: layer, DiffId: diffId))
            .Select((layer, i) => new PublishedLayer(layer.Layer, layer.DiffId, titles.ElementAtOrDefault(i), writes(layer.Layer.Digest)));
        return new PublishedImage(
            child.Told?.RuntimeIdentifier,
            child.Platform,
            child.Manifest,
            child.Config,
            child.Told?.Base?.Name,
            child.Told?.Base?.Digest,
            [.. layers],
            [.. child.Settings.Config?.ExposedPorts?.Keys ?? []]);
    }
}

using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>An image that was published before, as a source of layers: which blob each diffID is, by the image's own word.</summary>
internal sealed class CachedImage
{
    private readonly Dictionary<Digest, Descriptor> _byDiffId = [];
    private readonly HashSet<Digest> _blobs = [];

    private CachedImage(string name, IImageStore store, bool isBelieved)
    {
        Name = name;
        Store = store;
        IsBelieved = isBelieved;
    }

    /// <summary>As messages name it.</summary>
    public string Name { get; }

    /// <summary>Holds the blobs.</summary>
    public IImageStore Store { get; }

    /// <summary>Whether its word counts; if not, a blob is read and compared before it is used.</summary>
    public bool IsBelieved { get; }

    /// <summary>Reads the manifests and configs of some platforms.</summary>
    /// <param name="reference">A tag or a digest.</param>
    /// <returns>Null when the store has no such image.</returns>
    /// <exception cref="FormatException">The documents are not what they should be.</exception>
    /// <exception cref="MultiArchException">They cannot be read.</exception>
    public static async Task<CachedImage?> ReadAsync(
        string name,
        IImageStore store,
        string reference,
        bool isBelieved,
        IReadOnlyList<Platform> platforms,
        CancellationToken cancellationToken)
    {
        if (await store.FindManifestAsync(reference, cancellationToken) is not { } document)
        {
            return null;
        }

        var image = new CachedImage(name, store, isBelieved);
        var manifests = MediaTypes.IsIndex(document.MediaType)
            ? await ReadManifestsAsync(store, ImageIndex.Parse(document.Bytes.Span), platforms, cancellationToken)
            : [document];
        var contents = manifests.Select(manifest => ImageManifest.Parse(manifest.Bytes.Span)).ToList();
        var configs = await Task.WhenAll(contents.Select(content => ReadConfigAsync(store, content.Config, cancellationToken)));
        foreach (var (content, config) in contents.Zip(configs))
        {
            image.Add(content, config);
        }

        return image;
    }

    public Descriptor? Find(Digest diffId) => _byDiffId.GetValueOrDefault(diffId);

    /// <summary>Whether the image consists of this blob among others.</summary>
    public bool Names(Digest blob) => _blobs.Contains(blob);

    private static async Task<IReadOnlyList<Document>> ReadManifestsAsync(
        IImageStore store, ImageIndex index, IReadOnlyList<Platform> platforms, CancellationToken cancellationToken)
    {
        var entries = platforms
            .Select(platform => index.Manifests.FirstOrDefault(entry => entry.Platform is { } its && its.IsSameAs(platform)))
            .OfType<Descriptor>();
        var manifests = await Task.WhenAll(entries.Select(entry => store.FindManifestAsync(entry.Digest.ToString(), cancellationToken)));
        return [.. manifests.OfType<Document>()];
    }

    private static async Task<ImageConfig> ReadConfigAsync(IImageStore store, Descriptor config, CancellationToken cancellationToken) =>
        ImageConfig.Parse((await ConfigBlob.ReadAsync(store, config, cancellationToken)).Span);

    private void Add(ImageManifest manifest, ImageConfig config)
    {
        if (manifest.Layers.Count != config.RootFS.DiffIds.Count)
        {
            throw new FormatException($"its manifest has {manifest.Layers.Count} layers and its config {config.RootFS.DiffIds.Count} diff_ids");
        }

        foreach (var (layer, diffId) in manifest.Layers.Zip(config.RootFS.DiffIds))
        {
            // Media type, digest and size alone: what else a descriptor says belongs to that image.
            _byDiffId.TryAdd(diffId, new Descriptor(layer.MediaType, layer.Digest, layer.Size));
            _blobs.Add(layer.Digest);
        }
    }
}

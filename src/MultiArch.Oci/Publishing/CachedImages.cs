using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>The images that may hold our layers already: what the tags name now, and what the request names. Read once, and only when a layer is not known.</summary>
internal sealed class CachedImages(
    PublishRequest request, IReadOnlyList<Platform> platforms, IImageStore destination, IImageSources sources, IProgress<PublishEvent> progress)
{
    private readonly Lock _lock = new();
    private Task<CachedImage?>? _prior;
    private Task<IReadOnlyList<CachedImage>>? _named;

    /// <summary>Whether it is worth while to know a layer's diffID.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken) =>
        await PriorAsync(cancellationToken) is not null || (await NamedAsync(cancellationToken)).Count > 0;

    /// <summary>A blob of the destination that is the layer, as the image there says that the tags name.</summary>
    public async Task<Descriptor?> FindOwnAsync(Digest diffId, CancellationToken cancellationToken) => (await PriorAsync(cancellationToken))?.Find(diffId);

    /// <summary>Blobs that may be the layer, in the order in which the images were named.</summary>
    public async Task<IReadOnlyList<(CachedImage Image, Descriptor Blob)>> FindNamedAsync(Digest diffId, CancellationToken cancellationToken) =>
        [.. (await NamedAsync(cancellationToken)).Select(image => (image, image.Find(diffId)!)).Where(found => found.Item2 is not null)];

    /// <summary>A repository of the destination's registry that holds a blob, as an image there says: it can be mounted.</summary>
    public async Task<ImageReference?> FindRepositoryAsync(Digest blob, CancellationToken cancellationToken) =>
        destination.Repository is not { } own ? null : (await NamedAsync(cancellationToken))
            .Where(image => image.Names(blob))
            .Select(image => image.Store.Repository)
            .FirstOrDefault(repository => repository is not null && repository != own && IsSameRegistry(repository, own));

    private static bool IsSameRegistry(ImageReference left, ImageReference right) => left.Registry.Equals(right.Registry, StringComparison.OrdinalIgnoreCase);

    private Task<CachedImage?> PriorAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _prior ??= ReadPriorAsync(cancellationToken);
        }
    }

    private Task<IReadOnlyList<CachedImage>> NamedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _named ??= ReadNamedAsync(cancellationToken);
        }
    }

    /// <summary>The first tag that names an image. Whatever keeps us from reading it is no failure: the push says it better, or needs nothing of it.</summary>
    private async Task<CachedImage?> ReadPriorAsync(CancellationToken cancellationToken)
    {
        foreach (var tag in request.Tags)
        {
            try
            {
                if (await CachedImage.ReadAsync(tag, destination, tag, isBelieved: true, platforms, cancellationToken) is { } image)
                {
                    return image;
                }
            }
            catch (Exception e) when (e is MultiArchException or FormatException || DiskErrors.IsDiskError(e))
            {
                return null;
            }
        }

        return null;
    }

    private async Task<IReadOnlyList<CachedImage>> ReadNamedAsync(CancellationToken cancellationToken)
    {
        var images = await Task.WhenAll(request.CacheFrom.Select(reference => ReadNamedAsync(reference, cancellationToken)));
        return [.. images.OfType<CachedImage>()];
    }

    private async Task<CachedImage?> ReadNamedAsync(ImageReference reference, CancellationToken cancellationToken)
    {
        try
        {
            var store = sources.OpenCache(reference);
            // Whoever writes to the destination's repository can give it any content. A digest names what its author looked at.
            var isBelieved = reference.Digest is not null || (store.Repository is { } repository && repository == destination.Repository);
            var image = await CachedImage.ReadAsync(reference.ToString(), store, reference.Reference, isBelieved, platforms, cancellationToken);
            if (image is null)
            {
                progress.Report(new PublishEvent.CacheMissing(reference));
            }

            return image;
        }
        catch (Exception e) when (e is MultiArchException or FormatException || DiskErrors.IsDiskError(e))
        {
            progress.Report(new PublishEvent.CacheUnreadable(reference.ToString(), e.Message));
            return null;
        }
    }
}

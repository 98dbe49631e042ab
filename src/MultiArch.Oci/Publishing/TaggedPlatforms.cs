using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>For which platforms a tag has an image.</summary>
internal static class TaggedPlatforms
{
    // Attestations stand in an index under it.
    private const string Unknown = "unknown";

    /// <summary>Says of each tag which platforms it will lose. Costs a request, and one more where the tag names an image of one platform.</summary>
    /// <param name="kept">Those that the tags will have.</param>
    /// <returns>What each names; null when there is no such tag, or when it cannot be read: who may write need not be allowed to read.</returns>
    /// <exception cref="RegistryException">The registry is not there.</exception>
    public static async Task<IReadOnlyList<Digest?>> ReportLostAsync(
        IImageStore store, IReadOnlyList<string> tags, IReadOnlyList<Platform> kept, IProgress<PublishEvent> progress, CancellationToken cancellationToken)
    {
        var named = new List<Digest?>();
        foreach (var tag in tags)
        {
            var (digest, platforms) = await FindAsync(store, tag, cancellationToken);
            named.Add(digest);
            if (platforms.Where(platform => !kept.Any(platform.IsSameAs)).ToList() is { Count: > 0 } lost)
            {
                progress.Report(new PublishEvent.PlatformsLost(tag, kept, lost));
            }
        }

        return named;
    }

    private static async Task<(Digest? Digest, IReadOnlyList<Platform> Platforms)> FindAsync(IImageStore store, string tag, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindManifestAsync(tag, cancellationToken) is { } held
                ? (held.Digest, [.. await ReadAsync(store, held, cancellationToken)])
                : (null, []);
        }
        catch (Exception e) when (e is FormatException or MultiArchException and not RegistryException { Status: null })
        {
            return (null, []);
        }
    }

    private static async Task<IEnumerable<Platform>> ReadAsync(IImageStore store, Document held, CancellationToken cancellationToken) => MediaTypes.IsIndex(held.MediaType)
        ? ImageIndex.Parse(held.Bytes.Span).Manifests.Select(entry => entry.Platform).OfType<Platform>().Where(platform => platform.OS != Unknown)
        : [ImageConfig.Parse((await ConfigBlob.ReadAsync(store, ImageManifest.Parse(held.Bytes.Span).Config, cancellationToken)).Span).Platform];
}

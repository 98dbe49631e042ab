using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>For which platforms a tag has an image.</summary>
internal static class TaggedPlatforms
{
    // Attestations stand in an index under it.
    private const string Unknown = "unknown";

    /// <summary>Costs a request, and one more where the tag names an image of one platform.</summary>
    /// <param name="kept">Those that it will have.</param>
    /// <returns>The digest of what the tag names, and the platforms of it that are not kept; nothing when there is no such tag, or when it cannot be read: who may write need not be allowed to read.</returns>
    /// <exception cref="RegistryException">The registry is not there.</exception>
    public static async Task<(Digest? Digest, IReadOnlyList<Platform> Lost)> FindLostAsync(
        IImageStore store, string tag, IReadOnlyList<Platform> kept, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindManifestAsync(tag, cancellationToken) is { } held
                ? (held.Digest, [.. (await ReadAsync(store, held, cancellationToken)).Where(platform => !kept.Any(platform.IsSameAs))])
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

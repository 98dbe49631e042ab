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
    /// <returns>Null when there is no such tag, or when it cannot be read: who may write need not be allowed to read.</returns>
    /// <exception cref="RegistryException">The registry is not there.</exception>
    public static async Task<IReadOnlyList<Platform>?> ReadAsync(IImageStore store, string tag, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindManifestAsync(tag, cancellationToken) switch
            {
                null => null,
                { } index when MediaTypes.IsIndex(index.MediaType) =>
                    [.. ImageIndex.Parse(index.Bytes.Span).Manifests.Select(entry => entry.Platform).OfType<Platform>().Where(platform => platform.OS != Unknown)],
                { } manifest =>
                    [ImageConfig.Parse((await ConfigBlob.ReadAsync(store, ImageManifest.Parse(manifest.Bytes.Span).Config, cancellationToken)).Span).Platform],
            };
        }
        catch (Exception e) when (e is FormatException or MultiArchException and not RegistryException { Status: null })
        {
            return null;
        }
    }
}

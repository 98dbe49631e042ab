using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Registry.Tests;

/// <summary>The smallest image that a registry takes.</summary>
internal static class TestImage
{
    /// <summary>Stores a config and returns the manifest that names it, which is not stored yet.</summary>
    public static async Task<Document> PrepareAsync(IImageStore store, string architecture, CancellationToken cancellationToken)
    {
        var config = ImageConfig.Empty(new Platform(architecture, "linux")).ToDocument(ImageFormat.Oci);
        await store.WriteBlobAsync(config.Describe(), BlobSource.FromBytes(config.Bytes), cancellationToken);
        return Manifest(config.Describe());
    }

    public static Document Manifest(Descriptor? config = null) =>
        new ImageManifest(MediaTypes.OciManifest, config ?? new Descriptor(MediaTypes.OciConfig, Digest.Of([]), 0), []).ToDocument();

    public static Document Index(params IEnumerable<Document> manifests) =>
        new ImageIndex(MediaTypes.OciIndex, [.. manifests.Select(manifest => manifest.Describe() with { Platform = Platform.LinuxAmd64 })]).ToDocument();
}

using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Formats;

namespace MultiArch.Oci.Tests.Storage;

/// <summary>Small images whose layers are texts: real documents, so that any tool reads them.</summary>
internal static class StoredImage
{
    /// <summary>A layer that engines can unpack: a tar without entries is two blocks of zeros.</summary>
    public static string EmptyTar { get; } = new('\0', 1024);

    public static Descriptor Blob(string text, string mediaType = MediaTypes.OciLayer) => new Document(mediaType, Json.Bytes(text)).Describe();

    public static async Task<Descriptor> WriteBlobAsync(IImageStore store, string text, string mediaType = MediaTypes.OciLayer)
    {
        var blob = Blob(text, mediaType);
        await store.WriteBlobAsync(blob, BlobSource.FromBytes(Json.Bytes(text)), CancellationToken.None);
        return blob;
    }

    /// <summary>Writes the manifest of one platform with all that it names.</summary>
    public static async Task<Document> WriteAsync(IImageStore store, Platform platform, params IEnumerable<string> layers)
    {
        var blobs = new List<Descriptor>();
        foreach (var layer in layers)
        {
            blobs.Add(await WriteBlobAsync(store, layer));
        }

        var config = (ImageConfig.Empty(platform) with { RootFS = new RootFileSystem([.. blobs.Select(blob => blob.Digest)]) }).ToDocument(ImageFormat.Oci);
        await store.WriteBlobAsync(config.Describe(), BlobSource.FromBytes(config.Bytes), CancellationToken.None);
        var manifest = new ImageManifest(MediaTypes.OciManifest, config.Describe(), blobs).ToDocument();
        await store.WriteManifestAsync(manifest, CancellationToken.None);
        return manifest;
    }

    public static async Task<Document> WriteIndexAsync(IImageStore store, params IEnumerable<Descriptor> entries)
    {
        var index = new ImageIndex(MediaTypes.OciIndex, [.. entries]).ToDocument();
        await store.WriteManifestAsync(index, CancellationToken.None);
        return index;
    }

    public static async Task<string> ReadTextAsync(IImageStore store, Descriptor blob)
    {
        await using var stream = await store.OpenBlobAsync(blob, CancellationToken.None);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}

using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>All that an image consists of, found from its documents.</summary>
internal static class ReachableBlobs
{
    /// <returns>The image itself, and below it manifests, configs and layers; each digest once.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.ContentMismatch"/>: the store does not hold a document.</exception>
    public static async Task<IReadOnlyCollection<Descriptor>> FindAsync(IImageStore store, Document image, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Digest, Descriptor>();
        await AddAsync(store, image, found, cancellationToken);
        return found.Values;
    }

    public static async Task<Document> ReadDocumentAsync(IImageStore store, Descriptor descriptor, CancellationToken cancellationToken)
    {
        if (descriptor.Size > Document.MaxSize)
        {
            throw new MultiArchException(
                DiagnosticCodes.DocumentTooLarge, $"The manifest {descriptor.Digest} has {descriptor.Size} bytes, and registries take {Document.MaxSize}. Choose another base.");
        }

        await using var stream = await store.OpenBlobAsync(descriptor, cancellationToken);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return new Document(descriptor.MediaType, bytes.ToArray());
    }

    private static async Task AddAsync(IImageStore store, Document document, Dictionary<Digest, Descriptor> found, CancellationToken cancellationToken)
    {
        found[document.Digest] = document.Describe();
        if (!MediaTypes.IsIndex(document.MediaType))
        {
            var manifest = ImageManifest.Parse(document.Bytes.Span);
            foreach (var blob in manifest.Layers.Append(manifest.Config))
            {
                found[blob.Digest] = blob;
            }

            return;
        }

        foreach (var child in ImageIndex.Parse(document.Bytes.Span).Manifests)
        {
            await AddAsync(store, await ReadDocumentAsync(store, child, cancellationToken), found, cancellationToken);
        }
    }
}

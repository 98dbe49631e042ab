using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>An OCI archive that is read where it lies, and not written.</summary>
public sealed class ArchivedLayout : IImageStore, IDisposable
{
    private readonly string _path;
    private readonly ArchiveReader _archive;

    private ArchivedLayout(string path, ArchiveReader archive) => (_path, _archive) = (path, archive);

    /// <param name="path">An absolute path.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.BaseIsNoLayout"/>.</exception>
    public static ArchivedLayout Open(string path)
    {
        var archive = ArchiveReader.TryOpen(path);
        if (archive?.ReadIndex() is null)
        {
            archive?.Dispose();
            throw new MultiArchException(DiagnosticCodes.BaseIsNoLayout, $"'{path}' is not an archive of an OCI image layout: it is no tar with an {ImageLayoutFile.Index}. Name a file that 'skopeo copy … oci-archive:' or a publish wrote.");
        }

        return new ArchivedLayout(path, archive);
    }

    public Task<bool> ContainsBlobAsync(Descriptor blob, CancellationToken cancellationToken) => Task.FromResult(_archive.Contains(blob));

    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) => _archive.Contains(blob)
        ? Task.FromResult(_archive.Open(blob))
        : throw new MultiArchException(DiagnosticCodes.ContentMismatch, $"The archive '{_path}' names the blob {blob.Digest} and does not hold it. Make the archive again.");

    /// <summary>By digest, or by tag; where nothing is tagged so, the only image, or index.json itself when it lists several, as <see cref="ImageLayout"/> does.</summary>
    public async Task<Document?> FindManifestAsync(string reference, CancellationToken cancellationToken)
    {
        var index = _archive.ReadIndex()!; // Open has seen it
        if (Digest.TryParse(reference, out var digest))
        {
            var size = _archive.SizeOf(digest);
            return size is null ? null : await ReadAsync(index.Manifests.FirstOrDefault(entry => entry.Digest == digest) ?? new Descriptor("", digest, size.Value), cancellationToken);
        }

        var entry = index.Manifests.FirstOrDefault(entry => entry.Annotations?.GetValueOrDefault(ImageLayoutFile.ReferenceName) == reference)
            ?? (index.Manifests.DistinctBy(entry => entry.Digest).Count() == 1 ? index.Manifests[0] : null);
        return entry is null ? index.ToDocument() : await ReadAsync(entry, cancellationToken);
    }

    public Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken) => throw ReadOnly();

    public Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken) => throw ReadOnly();

    public Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken) => throw ReadOnly();

    public void Dispose() => _archive.Dispose();

    private static NotSupportedException ReadOnly() => new("An archive is read here and not written.");

    private async Task<Document> ReadAsync(Descriptor entry, CancellationToken cancellationToken) =>
        await ReachableBlobs.ReadDocumentAsync(this, entry, cancellationToken);
}

using System.Collections.Concurrent;
using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>What a publish has written so far, for a store that takes the image as a whole: in a folder of its own that goes with it.</summary>
/// <param name="workFolder">Absolute; made with the first blob.</param>
internal sealed class StagedImage(string workFolder) : IImageStore, IDisposable
{
    private readonly Lazy<ImageLayout> _layout = new(() => ImageLayout.Create(Path.Combine(workFolder, Path.GetRandomFileName())));
    private readonly ConcurrentDictionary<Digest, Document> _manifests = new();

    public bool IsEmpty => !_layout.IsValueCreated;

    /// <summary>What lies here was checked when it was written, moments ago.</summary>
    public Task<bool> ContainsBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        Task.FromResult(!IsEmpty && _layout.Value.HasFile(blob));

    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) => _layout.Value.OpenBlobAsync(blob, cancellationToken);

    public Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken) =>
        _layout.Value.WriteBlobAsync(blob, source, cancellationToken);

    public Document? FindManifest(Digest digest) => _manifests.GetValueOrDefault(digest);

    public Task<Document?> FindManifestAsync(string reference, CancellationToken cancellationToken) =>
        Task.FromResult(Digest.TryParse(reference, out var digest) ? FindManifest(digest) : null);

    public async Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken)
    {
        await _layout.Value.WriteManifestAsync(manifest, cancellationToken);
        _manifests[manifest.Digest] = manifest;
    }

    public Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        throw new NotSupportedException("What is staged gets its tags where it goes.");

    /// <summary>A layout that has no tag takes back what was written.</summary>
    public void Dispose()
    {
        if (!IsEmpty)
        {
            _layout.Value.Dispose();
        }
    }
}

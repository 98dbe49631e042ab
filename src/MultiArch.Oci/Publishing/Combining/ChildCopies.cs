using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing.Combining;

/// <summary>Brings images from where they are to one destination: there already, mounted, or else streamed from one registry to the other.</summary>
internal sealed class ChildCopies(IImageStore destination, BlobTransfers transfers)
{
    public async Task WriteBlobsAsync(IEnumerable<Child> children, CancellationToken cancellationToken)
    {
        var jobs =
            from child in children
            where child.Store != destination
            from content in child.Attestations.Select(attestation => attestation.Content).Prepend(child.Content)
            from blob in content.Layers.Prepend(content.Config)
            group (Blob: blob, child.Store, child.Platform) by blob.Digest into uses
            let use = uses.First()
            orderby use.Blob.Size descending
            select new Func<CancellationToken, Task>(token => transfers.WriteAsync(use.Blob, $"{use.Platform}", Source(use.Blob, use.Store), token));
        await Jobs.RunAsync([.. jobs], cancellationToken);
    }

    /// <summary>All manifests below an index of these images.</summary>
    public IReadOnlyList<CommittedManifest> Manifests(IEnumerable<Child> children) =>
    [
        .. children.SelectMany(child => child.Attestations
            .Select(attestation => new CommittedManifest(attestation.Manifest, Platform: null, child.Store == destination))
            .Prepend(new CommittedManifest(child.Manifest, child.Platform, child.Store == destination))),
    ];

    private BlobSource Source(Descriptor blob, IImageStore store) => new(
        token => store.OpenBlobAsync(blob, token),
        store.Repository is { } its && its.Registry.Equals(destination.Repository?.Registry, StringComparison.OrdinalIgnoreCase) ? its : null);
}

using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Makes of stored blobs an image that people can pull: manifests, index, a look at all of it from outside, and only then the tags.</summary>
internal sealed class ImageCommit(IImageStore destination, ImageSet images, BlobTransfers transfers, IProgress<PublishEvent> progress)
{
    private readonly Dictionary<Digest, Document> _manifests =
        images.Images.Select(image => image.Manifest).Append(images.Target).DistinctBy(manifest => manifest.Digest).ToDictionary(manifest => manifest.Digest);

    /// <exception cref="MultiArchException">No tag has moved, or the message says which have.</exception>
    public async Task RunAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        foreach (var image in images.Images)
        {
            await WriteAsync(image.Manifest, cancellationToken);
            progress.Report(new PublishEvent.ManifestWritten(image.Manifest.Describe(), image.Platform));
        }

        if (images.Index is { } index)
        {
            await WriteAsync(index, cancellationToken);
            progress.Report(new PublishEvent.ManifestWritten(index.Describe(), Platform: null));
        }

        await ReadBackAsync(cancellationToken);
        await destination.TagAsync(images.Target, tags, cancellationToken);
        progress.Report(new PublishEvent.Tagged(tags, images.Target.Describe()));
    }

    /// <summary>Stores a manifest, and first, once, what has gone missing since it was stored: a registry may have been restarted.</summary>
    private async Task WriteAsync(Document manifest, CancellationToken cancellationToken)
    {
        try
        {
            await destination.WriteManifestAsync(manifest, cancellationToken);
        }
        catch (MissingContentException e)
        {
            await RestoreAsync(e.Missing, cancellationToken);
            await destination.WriteManifestAsync(manifest, cancellationToken);
        }
    }

    /// <summary>Sends what is missing once. What lies below it is looked for when it is there again: first the index, then manifests, then blobs.</summary>
    private async Task ReadBackAsync(CancellationToken cancellationToken)
    {
        var sent = new HashSet<Digest>();
        while (await destination.FindMissingAsync(images.Target, cancellationToken) is { Count: > 0 } missing)
        {
            if (missing.FirstOrDefault(content => !sent.Add(content.Digest)) is { } lost)
            {
                throw new MultiArchException(
                    DiagnosticCodes.NotStored,
                    $"{destination.Repository?.Name ?? "The destination"} took all of the image and does not have all of it: {lost.Digest} is missing, after it was sent again. "
                        + "Publish again; if it stays, look into the registry's log and its garbage collection.");
            }

            await RestoreAsync(missing, cancellationToken);
        }
    }

    private async Task RestoreAsync(IReadOnlyList<Descriptor> missing, CancellationToken cancellationToken)
    {
        progress.Report(new PublishEvent.Restoring(missing));

        // Blobs before the manifests that name them, manifests before the index.
        foreach (var content in missing.OrderBy(content => !_manifests.ContainsKey(content.Digest) ? 0 : content.Digest == images.Target.Digest ? 2 : 1))
        {
            if (_manifests.TryGetValue(content.Digest, out var manifest))
            {
                await WriteAsync(manifest, cancellationToken);
            }
            else
            {
                await transfers.RestoreAsync(content, cancellationToken);
            }
        }
    }
}

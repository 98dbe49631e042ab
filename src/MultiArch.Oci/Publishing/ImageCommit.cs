using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Makes of stored blobs an image that people can pull: manifests, index, a look at all of it from outside, and only then the tags.</summary>
/// <param name="manifests">Of all platforms.</param>
/// <param name="target">What the tags shall point at: the index, or the only manifest.</param>
internal sealed class ImageCommit(
    IImageStore destination, IReadOnlyList<CommittedManifest> manifests, Document target, BlobTransfers transfers, IProgress<PublishEvent> progress)
{
    private readonly Dictionary<Digest, Document> _manifests =
        manifests.Select(manifest => manifest.Document).Append(target).DistinctBy(manifest => manifest.Digest).ToDictionary(manifest => manifest.Digest);

    /// <exception cref="MultiArchException">No tag has moved, or the message says which have.</exception>
    public async Task RunAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        await StoreAsync(cancellationToken);
        await TagAsync(tags, cancellationToken);
    }

    /// <summary>Stores all but the tags, and looks at all of it.</summary>
    /// <exception cref="MultiArchException">Not all of it is stored.</exception>
    public async Task StoreAsync(CancellationToken cancellationToken)
    {
        foreach (var (document, platform, _) in manifests.Where(manifest => !manifest.IsStored))
        {
            await WriteAsync(document, cancellationToken);
            progress.Report(new PublishEvent.ManifestWritten(document.Describe(), platform));
        }

        if (MediaTypes.IsIndex(target.MediaType))
        {
            await WriteAsync(target, cancellationToken);
            progress.Report(new PublishEvent.ManifestWritten(target.Describe(), Platform: null));
        }

        await ReadBackAsync(cancellationToken);
    }

    /// <inheritdoc cref="RunAsync"/>
    public async Task TagAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        await destination.TagAsync(target, tags, cancellationToken);
        if (tags.Count > 0)
        {
            progress.Report(new PublishEvent.Tagged(tags, target.Describe()));
        }
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
        while (await destination.FindMissingAsync(target, cancellationToken) is { Count: > 0 } missing)
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
        foreach (var content in missing.OrderBy(content => !_manifests.ContainsKey(content.Digest) ? 0 : content.Digest == target.Digest ? 2 : 1))
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

/// <summary>A manifest below an index, or the only one.</summary>
/// <param name="Platform">Null for what is no image, such as an attestation.</param>
/// <param name="IsStored">Whether the destination was found to have it.</param>
internal sealed record CommittedManifest(Document Document, Platform? Platform, bool IsStored = false);

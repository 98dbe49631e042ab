using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing.Combining;

/// <summary>Makes of images that exist one index, at a registry: all of it is stored and read back before a tag moves, and each tag is read again afterwards.</summary>
/// <remarks>docs/ci.md says which races are found and which window is left: registries have no compare-and-swap of tags.</remarks>
/// <param name="open">Opens a repository that is not the destination.</param>
/// <param name="time">Paces what is told of a long copy.</param>
public sealed class ImageCombiner(IImageStore destination, Func<ImageReference, IImageStore> open, IProgress<PublishEvent> progress, TimeProvider time)
{
    private readonly ChildReader _reader = new(destination, open);

    /// <exception cref="MultiArchException">What a user can cause; the message says whether a tag has moved.</exception>
    public async Task<PublishReport> CombineAsync(CombineRequest request, CancellationToken cancellationToken)
    {
        var clock = new PublishClock(time);
        var children = new List<Child>();
        foreach (var source in request.Sources)
        {
            children.AddRange(await _reader.ReadAsync(source, cancellationToken));
        }

        var ours = ChildSet.Of(children);
        var unchanged = request.Append ? null : await FindUnchangedAsync(ours, request, cancellationToken);
        clock.EndPreparing();
        var report = unchanged?.Report(_ => BlobWrite.Reused, request.Tags) ?? await WriteAsync(ours, request, clock, cancellationToken);
        return report with { Times = clock.Stop() };
    }

    /// <summary>Also says, before the first byte is sent, what tags will lose.</summary>
    /// <returns>Null when something has to be written.</returns>
    private async Task<CombinedImage?> FindUnchangedAsync(ChildSet children, CombineRequest request, CancellationToken cancellationToken)
    {
        children.Require(request.RequiredPlatforms);
        var image = Assemble(children, request);
        var isTagged = true;
        foreach (var tag in request.MovingTags)
        {
            var (held, lost) = await TaggedPlatforms.FindLostAsync(destination, tag, [.. children.Children.Select(child => child.Platform)], cancellationToken);
            isTagged &= held == image.Index.Digest;
            if (lost.Count > 0)
            {
                progress.Report(new PublishEvent.PlatformsLost(tag, [.. children.Children.Select(child => child.Platform)], lost));
            }
        }

        if (!isTagged || !await destination.HoldsTaggedAsync(image.Index, [], cancellationToken))
        {
            return null;
        }

        progress.Report(new PublishEvent.Unchanged(request.MovingTags, image.Index.Describe()));
        return image;
    }

    private async Task<PublishReport> WriteAsync(ChildSet ours, CombineRequest request, PublishClock clock, CancellationToken cancellationToken)
    {
        await using var meter = new TransferMeter(time, progress);
        using var transfers = new BlobTransfers(destination, meter, progress);
        var copies = new ChildCopies(destination, transfers);
        await copies.WriteBlobsAsync(ours.Children, cancellationToken);
        clock.EndSending();

        var combined = request.Append
            ? await new TagAppend(destination, StoreAsync, progress).RunAsync(ours, request, cancellationToken)
            : await CombineAsync(Assemble(ours, request), StoreAsync, cancellationToken);
        var writes = await transfers.SettleAsync();
        return combined.Report(digest => writes.GetValueOrDefault(digest, BlobWrite.Reused), request.Tags) with
        {
            BytesSent = transfers.Stored.Where(blob => writes[blob.Digest] is BlobWrite.Uploaded).Sum(blob => blob.Size),
        };

        Task StoreAsync(ChildSet set, Document index, CancellationToken token) =>
            new ImageCommit(destination, copies.Manifests(set.Children), index, transfers, progress).StoreAsync(token);
    }

    private static CombinedImage Assemble(ChildSet children, CombineRequest request) =>
        new(children, children.Assemble(request.IndexAnnotations), request.MovingTags, request.IndexAnnotations);

    private async Task<CombinedImage> CombineAsync(CombinedImage image, Func<ChildSet, Document, CancellationToken, Task> store, CancellationToken cancellationToken)
    {
        await store(image.Children, image.Index, cancellationToken);
        if (image.Tags.Count > 0)
        {
            await destination.TagAsync(image.Index, image.Tags, cancellationToken);
            progress.Report(new PublishEvent.Tagged(image.Tags, image.Index.Describe()));
            await CheckTagsAsync(image.Index, image.Tags, cancellationToken);
        }

        return image;
    }

    /// <summary>Whoever else moved a tag meanwhile has the last word on it, and this one has not done what it was asked for.</summary>
    private async Task CheckTagsAsync(Document index, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        foreach (var tag in tags)
        {
            var found = await destination.FindDigestAsync(tag, cancellationToken) ?? (await destination.FindManifestAsync(tag, cancellationToken))?.Digest;
            if (found != index.Digest)
            {
                throw new MultiArchException(
                    DiagnosticCodes.TagNamesAnotherIndex,
                    $"{destination.Repository?.Name}:{tag} names {found?.ToString() ?? "nothing"}, and not {index.Digest}, which it was just given: somebody else has moved it meanwhile. "
                        + "Let one job at a time move a tag, and combine again.");
            }
        }
    }
}

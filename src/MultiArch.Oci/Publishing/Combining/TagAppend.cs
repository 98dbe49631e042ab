using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing.Combining;

/// <summary>Adds images to what a tag names, or puts them in the place of its images of the same platforms, and takes in what others do to the tag meanwhile.</summary>
/// <param name="store">Stores all of an index but the tag.</param>
internal sealed class TagAppend(
    IImageStore destination, Func<ChildSet, Document, CancellationToken, Task> store, IProgress<PublishEvent> progress)
{
    private const int MaxMerges = 5;

    /// <returns>What the first tag names, and the tags that name the same.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.AppendLost"/>, or what reading and storing fail with.</exception>
    public async Task<CombinedImage> RunAsync(ChildSet ours, CombineRequest request, CancellationToken cancellationToken)
    {
        var images = new List<CombinedImage>();
        foreach (var tag in request.Tags)
        {
            try
            {
                images.Add(await AppendAsync(ours, request, tag, cancellationToken));
            }
            catch (MultiArchException e) when (images.Count > 0)
            {
                throw new MultiArchException(
                    DiagnosticCodes.TagsMovedInPart,
                    $"{e.Message} These tags of {destination.Repository?.Name} have the platforms already: {string.Join(", ", images.Select(image => $"{image.Tags[0]} ({image.Index.Digest})"))}. Append again to move the rest.",
                    e);
            }
        }

        // While the later ones moved, somebody may have moved the earlier ones.
        foreach (var tag in request.Tags.SkipLast(1))
        {
            var found = await destination.FindManifestAsync(tag, cancellationToken);
            if (found is null || !ours.IsIn(found))
            {
                throw Lost(tag, found?.Digest);
            }
        }

        return images[0] with { Tags = [.. images.Where(image => image.Index.Digest == images[0].Index.Digest).SelectMany(image => image.Tags)] };
    }

    private async Task<CombinedImage> AppendAsync(ChildSet ours, CombineRequest request, string tag, CancellationToken cancellationToken)
    {
        var found = await destination.FindManifestAsync(tag, cancellationToken);
        for (var merge = 1; ; merge++)
        {
            var merged = await MergeAsync(ours, found, tag, cancellationToken);
            var annotations = Annotations(found, request);
            merged.Require(request.RequiredPlatforms);
            var image = new CombinedImage(merged, merged.Assemble(annotations), [tag], annotations);
            if (image.Index.Digest == found?.Digest && await destination.HoldsTaggedAsync(image.Index, [tag], cancellationToken))
            {
                progress.Report(new PublishEvent.Unchanged([tag], image.Index.Describe()));
                return image;
            }

            await store(merged, image.Index, cancellationToken);
            if (await destination.ReplaceTagAsync(image.Index, tag, found?.Digest, cancellationToken) == image.Index.Digest)
            {
                progress.Report(new PublishEvent.Tagged([tag], image.Index.Describe()));
                return image;
            }

            found = await destination.FindManifestAsync(tag, cancellationToken);
            if (found is not null && ours.IsIn(found))
            {
                // Whoever moved it has taken ours in.
                return new CombinedImage(await MergeAsync(ours, found, tag, cancellationToken), found, [tag], Annotations(found, request));
            }

            if (merge == MaxMerges)
            {
                throw Lost(tag, found?.Digest);
            }

            progress.Report(new PublishEvent.TagMoved(tag, found?.Digest));
        }
    }

    private async Task<ChildSet> MergeAsync(ChildSet ours, Document? found, string tag, CancellationToken cancellationToken) =>
        found is null ? ours : ours.Over(await ChildReader.ReadAsync($"{destination.Repository?.Name}:{tag}", destination, found, cancellationToken));

    /// <summary>The index's own, and over them those that were asked for.</summary>
    private static Dictionary<string, string> Annotations(Document? found, CombineRequest request)
    {
        var held = found is not null && MediaTypes.IsIndex(found.MediaType) ? ImageIndex.Parse(found.Bytes.Span).Annotations : null;
        var annotations = new Dictionary<string, string>(held ?? new Dictionary<string, string>());
        foreach (var (key, value) in request.IndexAnnotations)
        {
            annotations[key] = value;
        }

        return annotations;
    }

    private MultiArchException Lost(string tag, Digest? found) => new(
        DiagnosticCodes.AppendLost,
        $"{destination.Repository?.Name}:{tag} names {found?.ToString() ?? "nothing"}, which does not have the platforms that were to be added: others have moved it again and again. "
            + "Let one job at a time move a tag, and append again.");
}

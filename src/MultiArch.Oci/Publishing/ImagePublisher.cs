using MultiArch.Oci.Formats;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Makes the images of all platforms and the index that joins them, at one destination. The one scheduler: it sees all plans at once.</summary>
/// <remarks>
/// The order is the promise. All bases and files are read, every file is compared with its platform, and the images assembled as far as they are known, before the first byte is
/// written; then blobs, each as soon as it is packed, configs, manifests by digest, the index by digest; then all of it is read back, and the
/// tags move last. Whatever fails before the tags leaves what users pull as it was. No manifest is assembled before its layers lie at the destination, so none names a
/// digest that is not the bytes'.
/// </remarks>
/// <param name="time">Paces what is told of a long push.</param>
public sealed class ImagePublisher(IImageStore destination, IImageSources sources, IProgress<PublishEvent> progress, TimeProvider time)
{
    /// <exception cref="MultiArchException">What a user can cause; nothing is tagged.</exception>
    public async Task<PublishReport> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        if (request.SingleManifest && request.Plans.Count != 1)
        {
            throw new ArgumentException($"A single manifest is one platform's, and there are {request.Plans.Count} plans.", nameof(request));
        }

        var clock = new PublishClock(time);
        var platforms = await new PlatformReader(sources, progress).ReadAsync(request, cancellationToken);
        var starts = await new PlatformGate(request, progress, time).PassAsync(platforms, cancellationToken);
        ReportWhatUsersShouldKnow(platforms);
        ReportUnusedAnnotations(request);

        var known = new KnownLayers(request.CacheFolder, request.Compression, destination.Repository);
        var unchanged = await FindUnchangedAsync(request, platforms, known, starts, cancellationToken);
        clock.EndPreparing();
        if (unchanged is null && platforms.Count == 1 && destination.Repository is not null)
        {
            await TaggedPlatforms.ReportLostAsync(destination, request.MovingTags, [platforms[0].Platform], progress, cancellationToken);
        }

        var report = unchanged ?? await WriteAsync(request, platforms, known, starts, clock, cancellationToken);
        return report with { Times = clock.Stop() };
    }

    private void ReportWhatUsersShouldKnow(IReadOnlyList<PlatformImage> platforms)
    {
        if (MachinePaths.Find(platforms).ToList() is { Count: > 0 } assemblies)
        {
            progress.Report(new PublishEvent.MachinePathsInAssemblies(assemblies));
        }
    }

    private void ReportUnusedAnnotations(PublishRequest request)
    {
        if (request.SingleManifest && !request.PushByDigest && request.IndexAnnotations.Keys.Except(request.Plans[0].Settings.Annotations.Keys).ToList() is { Count: > 0 } unused)
        {
            progress.Report(new PublishEvent.IndexAnnotationsUnused(unused));
        }
    }

    /// <summary>Assembles the images from what is known. Also finds, before the first byte, what no image or index can be.</summary>
    /// <returns>Null when something has to be written.</returns>
    private async Task<PublishReport?> FindUnchangedAsync(
        PublishRequest request, IReadOnlyList<PlatformImage> platforms, KnownLayers known, bool starts, CancellationToken cancellationToken)
    {
        var layers = platforms.SelectMany(platform => platform.Recipes).DistinctBy(recipe => recipe.Identity).ToDictionary(recipe => recipe.Identity, known.Find);
        var images = ImageSet.Assemble(request, platforms, recipe => layers[recipe.Identity]?.ToLayer(recipe) ?? Unknown(recipe));
        if (layers.ContainsValue(null) || !await destination.HoldsTaggedAsync(images.Target, request.MovingTags, cancellationToken))
        {
            return null;
        }

        progress.Report(new PublishEvent.Unchanged(request.MovingTags, images.Target.Describe()));
        return images.Report(request, platforms, _ => BlobWrite.Reused, starts);

        Layer Unknown(LayerRecipe recipe) =>
            new(new Descriptor(request.Compression.MediaType, recipe.Identity, 0), recipe.Identity, recipe.Title, 0, File: null);
    }

    private async Task<PublishReport> WriteAsync(
        PublishRequest request, IReadOnlyList<PlatformImage> platforms, KnownLayers known, bool starts, PublishClock clock, CancellationToken cancellationToken)
    {
        await using var meter = new TransferMeter(time, progress);
        using var transfers = new BlobTransfers(destination, meter, progress);
        var cached = new CachedImages(request, [.. platforms.Select(platform => platform.Platform)], destination, sources, progress);
        using var finder = new LayerFinder(known, cached, destination, transfers, request.Compression, progress);
        using var layers = new LayerSet(request.WorkFolder, finder, known, transfers, request.Compression, progress);
        try
        {
            await Jobs.RunAsync([.. BaseJobs(platforms, cached, transfers), .. layers.Jobs(platforms)], cancellationToken);

            var images = ImageSet.Assemble(request, platforms, layers.Of);
            var configs = images.Images.Select(image => new Func<CancellationToken, Task>(token =>
                transfers.WriteAsync(image.Config.Describe(), $"config {image.Platform}", BlobSource.FromBytes(image.Config.Bytes), token)));
            await Jobs.RunAsync([.. configs], cancellationToken);
            clock.EndSending();

            if (await IsTaggedAsync(images.Target, request.MovingTags, transfers, cancellationToken))
            {
                progress.Report(new PublishEvent.Unchanged(request.MovingTags, images.Target.Describe()));
            }
            else
            {
                await new ImageCommit(destination, [.. images.Images.Select(image => new CommittedManifest(image.Manifest, image.Platform))], images.Target, transfers, progress)
                    .RunAsync(request.MovingTags, cancellationToken);
            }

            // Only now: what was there before may have been lost, and sent.
            var writes = await transfers.SettleAsync();
            var sent = transfers.Stored.Where(blob => writes[blob.Digest] is BlobWrite.Uploaded).Sum(blob => blob.Size);
            return images.Report(request, platforms, digest => writes[digest], starts) with { BytesSent = sent };
        }
        // Of a registry that loses what it has taken, nobody knows what it still has.
        catch (MultiArchException e)
            when (destination.Repository is not null && transfers.Stored.Count > 0 && e.Code is not (DiagnosticCodes.TagsMovedInPart or DiagnosticCodes.NotStored))
        {
            progress.Report(new PublishEvent.Interrupted(transfers.Stored));
            throw;
        }
    }

    /// <summary>
    /// Whether a registry that lacked nothing has the image already, tags and all: known only now if this machine did not remember what its
    /// layers become. Other stores would read all that they have to answer this.
    /// </summary>
    private async Task<bool> IsTaggedAsync(Document image, IReadOnlyList<string> tags, BlobTransfers transfers, CancellationToken cancellationToken) =>
        destination.Repository is not null
            && transfers.Stored.Count == 0
            && await destination.HoldsTaggedAsync(image, tags, cancellationToken);

    /// <summary>A blob of a base: there already, mounted from where it is known to be, or else streamed from one store to the other.</summary>
    private IEnumerable<Func<CancellationToken, Task>> BaseJobs(IReadOnlyList<PlatformImage> platforms, CachedImages cached, BlobTransfers transfers) =>
        from platform in platforms
        where platform.BaseStore is not null
        from layer in platform.Base.Layers.Select(layer => (Blob: layer, Store: platform.BaseStore))
        group layer by layer.Blob.Digest into uses
        let blob = uses.First().Blob
        let store = uses.First().Store
        let source = new BlobSource(token => store.OpenBlobAsync(blob, token), token => FindMountFromAsync(blob.Digest, store, cached, token))
        orderby blob.Size descending
        select new Func<CancellationToken, Task>(token => transfers.WriteAsync(blob, "base", source, token));

    private async Task<ImageReference?> FindMountFromAsync(Digest blob, IImageStore store, CachedImages cached, CancellationToken cancellationToken) =>
        store.Repository is { } its && its.Registry.Equals(destination.Repository?.Registry, StringComparison.OrdinalIgnoreCase)
            ? its
            : await cached.FindRepositoryAsync(blob, cancellationToken);
}

using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Makes the images of all platforms and the index that joins them, at one destination. The one scheduler: it sees all plans at once.</summary>
/// <remarks>
/// The order is the promise. Everything is read, packed and assembled before the first byte is written; then blobs, configs, manifests by
/// digest, the index by digest, and the tags last. Whatever fails before the tags leaves what users pull as it was. A layer that is known
/// and that the destination holds is not packed; one that it lacks is packed before anything is assembled, so no manifest names a digest
/// that is not the bytes'.
/// </remarks>
public sealed class ImagePublisher(IImageStore destination, IImageSources sources, IProgress<PublishEvent> progress)
{
    // Enough to hide a registry's latency, and no more connections than clients such as docker and containerd open to one host.
    private const int MaxConcurrency = 4;

    /// <exception cref="MultiArchException">What a user can cause; nothing is tagged.</exception>
    public async Task<PublishReport> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        if (request.SingleManifest && request.Plans.Count != 1)
        {
            throw new ArgumentException($"A single manifest is one platform's, and there are {request.Plans.Count} plans.", nameof(request));
        }

        var platforms = await ReadAsync(request, cancellationToken);
        var starts = ReportWhatUsersShouldKnow(platforms);
        ReportUnusedAnnotations(request);

        using var pool = new PackingPool(Environment.ProcessorCount);
        var known = new KnownLayers(request.CacheFolder, request.Compression);
        var layers = new LayerSet(request.WorkFolder, request.Compression, pool, known, destination, progress);
        try
        {
            await layers.SettleAsync(platforms, MaxConcurrency, cancellationToken);
            var images = platforms
                .Select(platform => ImageAssembler.Assemble(platform.Base, platform.Plan, layers.Of(platform), request.Format))
                .ToList();
            var index = request.SingleManifest ? null : IndexAssembler.Assemble(images, request.Format, request.IndexAnnotations);

            var writes = await WriteBlobsAsync(platforms, images, layers, cancellationToken);
            await WriteManifestsAsync(images, index, cancellationToken);
            var report = new PublishReport(index, Describe(platforms, images, layers, writes), request.Tags, starts);
            await destination.TagAsync(report.Target, request.Tags, cancellationToken);
            progress.Report(new PublishEvent.Tagged(request.Tags, report.Target.Describe()));
            return report;
        }
        finally
        {
            layers.Delete();
        }
    }

    private async Task<IReadOnlyList<PlatformImage>> ReadAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        var bases = new BaseImageReader(sources);
        var platforms = new PlatformImage[request.Plans.Count];
        // Bases first, all of them: a base that lacks a platform is found before any file is hashed.
        for (var i = 0; i < platforms.Length; i++)
        {
            var plan = request.Plans[i];
            var platform = RuntimeIdentifiers.ToPlatform(plan.RuntimeIdentifier);
            var (image, store) = await bases.ReadAsync(BaseReference.Parse(plan.BaseImage, request.BaseFolder), platform, cancellationToken);
            progress.Report(new PublishEvent.BaseResolved(platform, image.Reference.ToString(), image.Digest));
            platforms[i] = new PlatformImage(plan, platform, image, store, []);
        }

        await Parallel.ForAsync(0, platforms.Length, Bounded(cancellationToken), async (i, token) =>
        {
            var recipes = new List<LayerRecipe>();
            foreach (var layer in platforms[i].Plan.Layers)
            {
                recipes.Add(await LayerRecipe.ReadAsync(layer, token));
            }

            platforms[i] = platforms[i] with { Recipes = recipes };
        });
        return platforms;
    }

    /// <returns>Whether, as far as can be seen, the images start.</returns>
    private bool ReportWhatUsersShouldKnow(IReadOnlyList<PlatformImage> platforms)
    {
        var missing = platforms
            .Select(platform => (platform.Plan.RuntimeIdentifier, Path: StartCheck.FindMissing(platform)))
            .Where(found => found.Path is not null)
            .Select(found => (found.RuntimeIdentifier, found.Path!))
            .ToList();
        if (missing.Count > 0)
        {
            progress.Report(new PublishEvent.ImageDoesNotStart(missing));
        }

        if (MachinePaths.Find(platforms).ToList() is { Count: > 0 } assemblies)
        {
            progress.Report(new PublishEvent.MachinePathsInAssemblies(assemblies));
        }

        return missing.Count == 0;
    }

    private void ReportUnusedAnnotations(PublishRequest request)
    {
        if (request.SingleManifest && request.IndexAnnotations.Keys.Except(request.Plans[0].Settings.Annotations.Keys).ToList() is { Count: > 0 } unused)
        {
            progress.Report(new PublishEvent.IndexAnnotationsUnused(unused));
        }
    }

    /// <returns>How each blob came to be at the destination.</returns>
    private async Task<Dictionary<Digest, BlobWrite>> WriteBlobsAsync(
        IReadOnlyList<PlatformImage> platforms,
        IReadOnlyList<AssembledImage> images,
        LayerSet layers,
        CancellationToken cancellationToken)
    {
        var blobs = layers.Packed
            .Select(layer => new PendingBlob(layer.Descriptor, layer.Title, BlobSource.FromFile(layer.File!)))
            .Concat(platforms.SelectMany(BaseBlobs))
            .DistinctBy(blob => blob.Descriptor.Digest)
            .OrderByDescending(blob => blob.Descriptor.Size);
        var configs = images
            .Select(image => new PendingBlob(image.Config.Describe(), $"config {image.Platform}", BlobSource.FromBytes(image.Config.Bytes)))
            .DistinctBy(blob => blob.Descriptor.Digest);

        var writes = new Dictionary<Digest, BlobWrite>();
        foreach (var layer in layers.Held)
        {
            writes[layer.Descriptor.Digest] = BlobWrite.Reused;
        }

        foreach (var pending in new[] { blobs.ToList(), configs.ToList() })
        {
            await Parallel.ForEachAsync(pending, Bounded(cancellationToken), async (blob, token) =>
            {
                var write = await destination.WriteBlobAsync(blob.Descriptor, Announced(blob), token);
                lock (writes)
                {
                    writes[blob.Descriptor.Digest] = write;
                }

                progress.Report(new PublishEvent.BlobWritten(blob.Descriptor, blob.What, write));
            });
        }

        return writes;
    }

    private BlobSource Announced(PendingBlob blob) => new(
        token =>
        {
            progress.Report(new PublishEvent.BlobSending(blob.Descriptor, blob.What));
            return blob.Source.OpenAsync(token);
        },
        blob.Source.MountFrom);

    private static IEnumerable<PendingBlob> BaseBlobs(PlatformImage platform)
    {
        var store = platform.BaseStore;
        var mountFrom = (platform.Base.Reference as BaseReference.Registry)?.Image;
        return store is null
            ? []
            : platform.Base.Layers.Select(layer => new PendingBlob(layer, "base", new BlobSource(token => store.OpenBlobAsync(layer, token), mountFrom)));
    }

    private async Task WriteManifestsAsync(IReadOnlyList<AssembledImage> images, Document? index, CancellationToken cancellationToken)
    {
        foreach (var image in images)
        {
            await destination.WriteManifestAsync(image.Manifest, cancellationToken);
            progress.Report(new PublishEvent.ManifestWritten(image.Manifest.Describe(), image.Platform));
        }

        if (index is not null)
        {
            await destination.WriteManifestAsync(index, cancellationToken);
            progress.Report(new PublishEvent.ManifestWritten(index.Describe(), Platform: null));
        }
    }

    private static List<PublishedImage> Describe(
        IReadOnlyList<PlatformImage> platforms,
        IReadOnlyList<AssembledImage> images,
        LayerSet layers,
        Dictionary<Digest, BlobWrite> writes) =>
        [.. platforms.Zip(images, (platform, image) =>
        {
            var titles = Enumerable.Repeat<string?>(null, platform.Base.Layers.Count).Concat(layers.Of(platform).Select(layer => layer.Title));
            var config = ImageConfig.Parse(image.Config.Bytes.Span);
            var published = image.Content.Layers
                .Zip(config.RootFS.DiffIds, titles)
                .Select(layer => new PublishedLayer(layer.First, layer.Second, layer.Third, writes[layer.First.Digest]));
            return new PublishedImage(
                image.RuntimeIdentifier,
                image.Platform,
                image.Manifest,
                image.Config,
                NameOf(platform),
                platform.Base.Digest,
                [.. published],
                [.. config.Config?.ExposedPorts?.Keys ?? []]);
        })];

    /// <summary>A folder as the project wrote it: where it lies on this machine says nothing of the image.</summary>
    private static string NameOf(PlatformImage platform) =>
        platform.Base.Reference is BaseReference.Layout ? platform.Plan.BaseImage : platform.Base.Reference.ToString()!;

    private static ParallelOptions Bounded(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = cancellationToken };

    private sealed record PendingBlob(Descriptor Descriptor, string What, BlobSource Source);
}

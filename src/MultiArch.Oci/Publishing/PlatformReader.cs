using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;

namespace MultiArch.Oci.Publishing;

/// <summary>Reads what a publish starts from: the base of each platform, and every file.</summary>
internal sealed class PlatformReader(IImageSources sources, IProgress<PublishEvent> progress)
{
    private const int MaxConcurrency = 4;

    /// <returns>In the order of the plans.</returns>
    /// <exception cref="MultiArchException">A base cannot be used, or a file not be read.</exception>
    public async Task<IReadOnlyList<PlatformImage>> ReadAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        // Bases first, all of them: a base that lacks a platform is found before any file is hashed.
        var bases = new BaseImageReader(sources, new BaseDocuments(request.DocumentFolder));
        var platforms = await Task.WhenAll(request.Plans.Select(plan => ReadBaseAsync(plan, bases, request.BaseFolder, cancellationToken)));
        foreach (var platform in platforms)
        {
            progress.Report(new PublishEvent.BaseResolved(platform.Platform, platform.Base.Reference.ToString(), platform.Base.Digest));
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, platforms.Length, options, async (i, token) =>
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

    private static async Task<PlatformImage> ReadBaseAsync(ImagePlan plan, BaseImageReader bases, string folder, CancellationToken cancellationToken)
    {
        var platform = RuntimeIdentifiers.ToPlatform(plan.RuntimeIdentifier);
        var (image, store) = await bases.ReadAsync(BaseReference.Parse(plan.BaseImage, folder), platform, plan.BaseDigest, cancellationToken);
        return new PlatformImage(plan, platform, image, store, []);
    }
}

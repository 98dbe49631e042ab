using System.Collections.Concurrent;
using MultiArch.Oci.Layers;

namespace MultiArch.Oci.Publishing;

/// <summary>The layers of all platforms, each distinct recipe packed once. The files are ours until <see cref="Delete"/>.</summary>
/// <param name="folder">Absolute.</param>
internal sealed class PackedLayers(string folder, IProgress<PublishEvent> progress)
{
    private readonly ConcurrentDictionary<Digest, Layer> _byRecipe = new();

    public IEnumerable<Layer> All => _byRecipe.Values;

    /// <summary>The layers of one platform, in the order of its plan, with the plan's titles.</summary>
    public IReadOnlyList<Layer> Of(PlatformImage platform) =>
        [.. platform.Recipes.Select(recipe => _byRecipe[recipe.Identity] with { Title = recipe.Title })];

    public async Task PackAsync(IReadOnlyList<PlatformImage> platforms, int maxConcurrency, CancellationToken cancellationToken)
    {
        var shared = platforms
            .SelectMany(platform => platform.Recipes, (platform, recipe) => (recipe, platform.Plan.RuntimeIdentifier))
            .GroupBy(use => use.recipe.Identity);
        var options = new ParallelOptions { MaxDegreeOfParallelism = maxConcurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(shared, options, async (uses, token) =>
        {
            var layer = await LayerPacker.PackAsync(uses.First().recipe, folder, Environment.ProcessorCount, token);
            _byRecipe[uses.Key] = layer;
            progress.Report(new PublishEvent.LayerPacked(layer, [.. uses.Select(use => use.RuntimeIdentifier)]));
        });
    }

    public void Delete()
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing was packed, or a scanner holds a file open: obj/ may keep it.
        }
    }
}

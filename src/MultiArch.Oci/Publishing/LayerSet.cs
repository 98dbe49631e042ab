using System.Collections.Concurrent;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>The layers of all platforms, each distinct recipe once: packed, or known and held by the destination already.</summary>
/// <param name="folder">Absolute; for packed layers. The files are ours until <see cref="Delete"/>.</param>
internal sealed class LayerSet(
    string folder,
    LayerCompression compression,
    PackingPool pool,
    KnownLayers known,
    IImageStore destination,
    IProgress<PublishEvent> progress)
{
    private readonly ConcurrentDictionary<Digest, Layer> _byRecipe = new();

    /// <summary>Those that lie in the folder and are yet to be written.</summary>
    public IEnumerable<Layer> Packed => _byRecipe.Values.Where(layer => layer.File is not null);

    /// <summary>Those that the destination was found to hold.</summary>
    public IEnumerable<Layer> Held => _byRecipe.Values.Where(layer => layer.File is null);

    /// <summary>The layers of one platform, in the order of its plan, with the plan's titles.</summary>
    public IReadOnlyList<Layer> Of(PlatformImage platform) =>
        [.. platform.Recipes.Select(recipe => _byRecipe[recipe.Identity] with { Title = recipe.Title })];

    /// <summary>Settles the bytes of every layer. Nothing is written to the destination.</summary>
    public async Task SettleAsync(IReadOnlyList<PlatformImage> platforms, int maxConcurrency, CancellationToken cancellationToken)
    {
        var shared = platforms
            .SelectMany(platform => platform.Recipes, (platform, recipe) => (recipe, platform.Plan.RuntimeIdentifier))
            .GroupBy(use => use.recipe.Identity);
        var options = new ParallelOptions { MaxDegreeOfParallelism = maxConcurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(shared, options, async (uses, token) =>
        {
            var recipe = uses.First().recipe;
            string[] runtimeIdentifiers = [.. uses.Select(use => use.RuntimeIdentifier)];
            _byRecipe[uses.Key] = await FindHeldAsync(recipe, runtimeIdentifiers, token) ?? await PackAsync(recipe, runtimeIdentifiers, token);
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

    private async Task<Layer?> FindHeldAsync(LayerRecipe recipe, IReadOnlyList<string> runtimeIdentifiers, CancellationToken cancellationToken)
    {
        if (known.Find(recipe) is not { } record || !await IsHeldAsync(record, cancellationToken))
        {
            return null;
        }

        var layer = new Layer(record.Descriptor, record.DiffId, recipe.Title, record.UncompressedSize, File: null);
        progress.Report(new PublishEvent.LayerHeld(layer, runtimeIdentifiers));
        return layer;
    }

    /// <summary>
    /// Asks as a writer with nothing to send: a store looks closer at what it has before it takes no bytes (a layout reads the blob) than
    /// when it is only asked. Whatever it says once it wants the bytes means that the layer has to be packed.
    /// </summary>
    private async Task<bool> IsHeldAsync(KnownLayer record, CancellationToken cancellationToken)
    {
        if (!await destination.ContainsBlobAsync(record.Descriptor, cancellationToken))
        {
            return false;
        }

        var isWanted = false;
        try
        {
            await destination.WriteBlobAsync(
                record.Descriptor,
                new BlobSource(_ =>
                {
                    isWanted = true;
                    throw new IOException("The layer is not packed.");
                }),
                cancellationToken);
            return !isWanted;
        }
        catch (Exception e) when (isWanted && e is not OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<Layer> PackAsync(LayerRecipe recipe, IReadOnlyList<string> runtimeIdentifiers, CancellationToken cancellationToken)
    {
        progress.Report(new PublishEvent.LayerPacking(recipe.Title, recipe.Entries.Sum(entry => entry.Size), runtimeIdentifiers));
        var layer = await LayerPacker.PackAsync(recipe, compression, folder, pool, cancellationToken);
        known.Remember(recipe, layer);
        progress.Report(new PublishEvent.LayerPacked(layer, runtimeIdentifiers));
        return layer;
    }
}

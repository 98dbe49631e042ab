using System.Collections.Concurrent;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>The layers of all platforms, each distinct recipe once: found, or packed and sent while the next is packed.</summary>
/// <param name="folder">Absolute; made for packed layers, each of which is there until it is sent, and gone with the set.</param>
internal sealed class LayerSet(
    string folder,
    LayerFinder finder,
    KnownLayers known,
    BlobTransfers transfers,
    LayerCompression compression,
    IProgress<PublishEvent> progress) : IDisposable
{
    // Reading files and making the tar is one thread's work for each layer, and compressing is the pool's for all of them.
    private static readonly int MaxPacking = Math.Clamp(Environment.ProcessorCount, 2, 8);

    private readonly PackingPool _pool = new(Environment.ProcessorCount);
    private readonly SemaphoreSlim _packing = new(MaxPacking);
    private readonly ConcurrentDictionary<Digest, Layer> _byRecipe = new();

    /// <summary>What a recipe became, with the title that its plan gives it.</summary>
    public Layer Of(LayerRecipe recipe) => _byRecipe[recipe.Identity] with { Title = recipe.Title };

    /// <summary>A job for each layer: when it is done, the destination holds the layer.</summary>
    public IEnumerable<Func<CancellationToken, Task>> Jobs(IReadOnlyList<PlatformImage> platforms) => platforms
        .SelectMany(platform => platform.Recipes, (platform, recipe) => (recipe, platform.Plan.RuntimeIdentifier))
        .GroupBy(use => use.recipe.Identity)
        .Select(uses => new Func<CancellationToken, Task>(async token =>
            _byRecipe[uses.Key] = await SettleAsync(uses.First().recipe, [.. uses.Select(use => use.RuntimeIdentifier)], token)));

    public void Dispose()
    {
        _pool.Dispose();
        _packing.Dispose();
        if (Directory.Exists(folder))
        {
            Remove(() => Directory.Delete(folder, recursive: true));
        }
    }

    private static void Remove(Action remove)
    {
        try
        {
            remove();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A scanner holds a file open: obj/ may keep it.
        }
    }

    /// <summary>The layer at the destination; should that lose it again, it is packed again, and is the same.</summary>
    private async Task<Layer> SettleAsync(LayerRecipe recipe, IReadOnlyList<string> runtimeIdentifiers, CancellationToken cancellationToken)
    {
        var layer = await FindOrPackAsync(recipe, runtimeIdentifiers, cancellationToken);
        transfers.Remember(layer.Descriptor.Digest, layer.Title, new BlobSource(async token =>
        {
            var packed = await TakingTurnsAsync(() => PackAsync(recipe, runtimeIdentifiers, token), token);
            return await BlobSource.FromFile(packed.File!).OpenAsync(token);
        }));
        return layer;
    }

    private async Task<Layer> FindOrPackAsync(LayerRecipe recipe, IReadOnlyList<string> runtimeIdentifiers, CancellationToken cancellationToken)
    {
        var found = await finder.FindAsync(
            recipe, runtimeIdentifiers, token => TakingTurnsAsync(() => TarDigest.ComputeAsync(recipe, token), token), cancellationToken);
        if (found is not null)
        {
            return found;
        }

        var layer = await TakingTurnsAsync(() => PackAsync(recipe, runtimeIdentifiers, cancellationToken), cancellationToken);
        await transfers.WriteAsync(layer.Descriptor, layer.Title, BlobSource.FromFile(layer.File!), cancellationToken);
        Remove(() => File.Delete(layer.File!));
        return layer with { File = null };
    }

    private async Task<Layer> PackAsync(LayerRecipe recipe, IReadOnlyList<string> runtimeIdentifiers, CancellationToken cancellationToken)
    {
        progress.Report(new PublishEvent.LayerPacking(recipe.Title, recipe.Entries.Sum(entry => entry.Size), runtimeIdentifiers));
        var layer = await LayerPacker.PackAsync(recipe, compression, folder, _pool, cancellationToken);
        known.Remember(recipe, layer);
        progress.Report(new PublishEvent.LayerPacked(layer, runtimeIdentifiers));
        return layer;
    }

    private async Task<T> TakingTurnsAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _packing.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _packing.Release();
        }
    }
}

using MultiArch.Oci.Formats;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Finds a layer that need not be packed: at the destination, or in an image that was named as a cache.</summary>
/// <param name="known">What recipes became on this machine.</param>
/// <param name="cached">What images elsewhere consist of.</param>
internal sealed class LayerFinder(
    KnownLayers known,
    CachedImages cached,
    IImageStore destination,
    BlobTransfers transfers,
    LayerCompression compression,
    IProgress<PublishEvent> progress) : IDisposable
{
    // Beside what is sent, so that a layer is found, or packed, while a base is on its way.
    private const int MaxAsking = 4;

    private readonly SemaphoreSlim _asking = new(MaxAsking);

    /// <summary>The layer, which lies at the destination then; null when it has to be packed.</summary>
    /// <param name="readTar">Makes the tar, to know what it is.</param>
    public async Task<Layer?> FindAsync(
        LayerRecipe recipe,
        IReadOnlyList<string> runtimeIdentifiers,
        Func<CancellationToken, Task<(Digest DiffId, long Size)>> readTar,
        CancellationToken cancellationToken)
    {
        var record = known.Find(recipe);
        if (record is not null && await AskAsync(() => destination.ContainsBlobAsync(record.Descriptor, cancellationToken), cancellationToken))
        {
            return Hold(record.ToLayer(recipe), runtimeIdentifiers);
        }

        if (!await cached.AnyAsync(cancellationToken))
        {
            return null;
        }

        var (diffId, tarSize) = record is not null ? (record.DiffId, record.UncompressedSize) : await readTar(cancellationToken);
        Layer LayerOf(Descriptor blob) => new(blob, diffId, recipe.Title, tarSize, File: null);
        if (await cached.FindOwnAsync(diffId, cancellationToken) is { } own && Fits(own) && await IsHeldAsync(own, cancellationToken))
        {
            var layer = LayerOf(own);
            known.Remember(recipe, layer, isProven: false);
            return Hold(layer, runtimeIdentifiers);
        }

        foreach (var (image, blob) in await cached.FindNamedAsync(diffId, cancellationToken))
        {
            if (Fits(blob) && await TakeAsync(image, LayerOf(blob), cancellationToken) is { } write)
            {
                known.Remember(recipe, LayerOf(blob), isProven: !image.IsBelieved);
                progress.Report(new PublishEvent.LayerTaken(LayerOf(blob), image.Name, write, runtimeIdentifiers));
                return LayerOf(blob);
            }
        }

        return null;
    }

    public void Dispose() => _asking.Dispose();

    /// <summary>At whatever level it was compressed, but in the way that was asked for.</summary>
    private bool Fits(Descriptor blob) => blob.MediaType == compression.MediaType
        || (blob.MediaType == MediaTypes.DockerLayerGzip && compression.MediaType == MediaTypes.OciLayerGzip);

    private Layer Hold(Layer layer, IReadOnlyList<string> runtimeIdentifiers)
    {
        transfers.Hold(layer.Descriptor.Digest);
        progress.Report(new PublishEvent.LayerHeld(layer, runtimeIdentifiers));
        return layer;
    }

    /// <summary>Whatever goes wrong, the layer can be packed.</summary>
    private async Task<bool> IsHeldAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(() => destination.ContainsBlobAsync(blob, cancellationToken), cancellationToken);
        }
        catch (MultiArchException)
        {
            return false;
        }
    }

    /// <returns>How it came to the destination; null when it did not.</returns>
    private async Task<BlobWrite?> TakeAsync(CachedImage image, Layer layer, CancellationToken cancellationToken)
    {
        var blob = layer.Descriptor;
        var source = new CacheBlob(image.Store, blob);
        try
        {
            if (image.IsBelieved
                || await AskAsync(() => LayerClaim.IsTrueAsync(image.Store, blob, layer.DiffId, layer.UncompressedSize, cancellationToken), cancellationToken))
            {
                source.IsBeingSent = true;
                return await transfers.WriteAsync(blob, layer.Title, new BlobSource(source.OpenAsync, image.Store.Repository), cancellationToken);
            }
        }
        catch (MultiArchException e) when (!source.IsBeingSent || source.HasFailed)
        {
            progress.Report(new PublishEvent.CacheUnreadable(image.Name, e.Message));
            return null;
        }

        progress.Report(new PublishEvent.CacheLies(image.Name, blob.Digest, layer.DiffId));
        return null;
    }

    private async Task<bool> AskAsync(Func<Task<bool>> question, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            return await question();
        }
        finally
        {
            _asking.Release();
        }
    }
}

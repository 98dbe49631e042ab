using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>A blob on its way from a cache to the destination: knows which of the two has failed.</summary>
internal sealed class CacheBlob(IImageStore store, Descriptor blob)
{
    /// <summary>Whether failures may be the destination's from now on.</summary>
    public bool IsBeingSent { get; set; }

    /// <summary>Whether the cache could not be read.</summary>
    public bool HasFailed { get; private set; }

    public async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new WatchedStream(await store.OpenBlobAsync(blob, cancellationToken), Note);
        }
        catch (Exception e)
        {
            Note(e);
            throw;
        }
    }

    private void Note(Exception e) => HasFailed |= e is MultiArchException || DiskErrors.IsDiskError(e);
}

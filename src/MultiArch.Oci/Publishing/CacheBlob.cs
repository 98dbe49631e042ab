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

    public Task<Stream> OpenAsync(CancellationToken cancellationToken) =>
        NotingAsync<Stream>(async () => new Content(this, await store.OpenBlobAsync(blob, cancellationToken)));

    private async Task<T> NotingAsync<T>(Func<Task<T>> step)
    {
        try
        {
            return await step();
        }
        catch (Exception e) when (e is MultiArchException || DiskErrors.IsDiskError(e))
        {
            HasFailed = true;
            throw;
        }
    }

    private sealed class Content(CacheBlob blob, Stream inner) : ReadOnlyStream
    {
        public override bool Verifies(Digest digest, long size) => inner is ReadOnlyStream own && own.Verifies(digest, size);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await blob.NotingAsync(() => inner.ReadAsync(buffer, cancellationToken).AsTask());

        public override int Read(byte[] buffer, int offset, int count) =>
            ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

using System.Collections.Concurrent;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Brings blobs to the destination, each digest once and a few at a time for all platforms together, and knows how each came there.</summary>
internal sealed class BlobTransfers(IImageStore destination, TransferMeter meter, IProgress<PublishEvent> progress) : IDisposable
{
    // Enough to hide a registry's latency, and no more connections than clients such as docker and containerd open to one host.
    private const int MaxConcurrency = 4;

    private readonly SemaphoreSlim _slots = new(MaxConcurrency);
    private readonly ConcurrentDictionary<Digest, Lazy<Task<BlobWrite>>> _writes = new();
    private readonly ConcurrentDictionary<Digest, (string What, BlobSource Source)> _sources = new();
    private readonly ConcurrentDictionary<Digest, Descriptor> _stored = new();

    /// <summary>What was not there, and is now.</summary>
    public IReadOnlyCollection<Descriptor> Stored => [.. _stored.Values];

    /// <param name="what">What it is, for people.</param>
    /// <exception cref="MultiArchException">The blob is not stored; it may be tried again from another source.</exception>
    public async Task<BlobWrite> WriteAsync(Descriptor blob, string what, BlobSource source, CancellationToken cancellationToken)
    {
        _sources[blob.Digest] = (what, source);
        var write = _writes.GetOrAdd(blob.Digest, _ => new(() => WriteOnceAsync(blob, what, source, cancellationToken)));
        try
        {
            return await write.Value;
        }
        catch
        {
            _writes.TryRemove(KeyValuePair.Create(blob.Digest, write));
            throw;
        }
    }

    /// <summary>Takes note of a blob that the destination was found to hold.</summary>
    public void Hold(Digest blob) => _writes[blob] = new(Task.FromResult(BlobWrite.Reused));

    /// <summary>Takes note of where a blob comes from if it has to be sent again.</summary>
    public void Remember(Digest blob, string what, BlobSource source) => _sources[blob] = (what, source);

    /// <summary>Stores a blob again that the destination has lost since.</summary>
    /// <exception cref="MultiArchException">It is not stored.</exception>
    public async Task RestoreAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        if (!_sources.TryGetValue(blob.Digest, out var known))
        {
            throw new MultiArchException(
                DiagnosticCodes.NotStored,
                $"{destination.Repository?.Name ?? "The destination"} no longer has the blob {blob.Digest}, which it had when this publish began. Publish again.");
        }

        _stored.TryRemove(blob.Digest, out var stored);
        // Not by a mount: one that was confirmed and did nothing would be confirmed again.
        var write = await WriteOnceAsync(blob, known.What, new BlobSource(known.Source.OpenAsync), cancellationToken);
        if (write is not BlobWrite.Reused)
        {
            _writes[blob.Digest] = new(Task.FromResult(write));
        }
        else if (stored is not null)
        {
            _stored[blob.Digest] = stored; // It was there after all.
        }
    }

    /// <summary>How each blob came to be at the destination.</summary>
    public async Task<IReadOnlyDictionary<Digest, BlobWrite>> SettleAsync()
    {
        var settled = new Dictionary<Digest, BlobWrite>();
        foreach (var (digest, write) in _writes)
        {
            settled[digest] = await write.Value;
        }

        return settled;
    }

    public void Dispose() => _slots.Dispose();

    private async Task<BlobWrite> WriteOnceAsync(Descriptor blob, string what, BlobSource source, CancellationToken cancellationToken)
    {
        var transfer = meter.Expect(blob);
        await _slots.WaitAsync(cancellationToken);
        try
        {
            var write = await destination.WriteBlobAsync(blob, new BlobSource(OpenAsync, source.FindMountFromAsync), cancellationToken);
            if (write is not BlobWrite.Reused)
            {
                _stored[blob.Digest] = blob;
            }

            progress.Report(new PublishEvent.BlobWritten(blob, what, write));
            return write;
        }
        finally
        {
            _slots.Release();
            transfer.End();
        }

        async Task<Stream> OpenAsync(CancellationToken token)
        {
            progress.Report(new PublishEvent.BlobSending(blob, what));
            return transfer.Count(await source.OpenAsync(token));
        }
    }
}

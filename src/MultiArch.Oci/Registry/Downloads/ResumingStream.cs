using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Registry.Transport.Retries;

namespace MultiArch.Oci.Registry.Downloads;

/// <summary>A blob's bytes, which go on where they broke off.</summary>
internal sealed class ResumingStream(Stream body, BlobDownload download, RetrySchedule retries) : ReadOnlyStream
{
    // Bytes. A registry that breaks off again and again before it has sent so many is given up.
    private const long Progress = 1024 * 1024;

    private const int MaxBreaks = 6;

    private Stream? _body = body;
    private long _position;
    private long _brokeAt;
    private int _breaks;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await ReadOnceAsync(buffer, cancellationToken);
        }
        catch (RegistryException e) when (e.Retry.IsWorthwhile && IsWorthResuming())
        {
            // What has just failed counts as the first attempt.
            read = await retries.RunAsync(
                download.Address,
                download.Action,
                (attempt, token) => attempt == 1 ? Task.FromException<int>(e) : ReadOnceAsync(buffer, token),
                cancellationToken);
        }

        _position += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _body ??= await download.OpenAtAsync(_position, cancellationToken);
        try
        {
            var read = await _body.ReadAsync(buffer, cancellationToken);
            return read > 0 || buffer.IsEmpty || _position >= download.Blob.Size ? read : throw TooEarly();
        }
        catch (RegistryException)
        {
            await _body.DisposeAsync();
            _body = null;
            throw;
        }
    }

    private bool IsWorthResuming()
    {
        _breaks = _position - _brokeAt >= Progress ? 1 : _breaks + 1;
        _brokeAt = _position;
        return _breaks <= MaxBreaks;
    }

    /// <summary>An answer without a length ends wherever its connection does.</summary>
    private RegistryException TooEarly()
    {
        var reason = $"{download.Address.Registry}, asked to {download.Action}, ended after {_position} of {download.Blob.Size} bytes.";
        return new RegistryException(DiagnosticCodes.RegistryBroke, $"{reason} Publish again; if it stays, look into the registry's log.", Retry.Again) { Reason = reason };
    }
}

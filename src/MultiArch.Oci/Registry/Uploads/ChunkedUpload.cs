using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Uploads;

/// <summary>Sends a blob to one session in chunks, in order, and keeps account of what has arrived.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-a-blob-in-chunks</remarks>
/// <param name="chunkSize">Bytes; more where the registry asks for more.</param>
/// <param name="believesRanges">Whether what the registry says of the bytes that have arrived counts.</param>
internal sealed class ChunkedUpload(
    RegistryTransport transport, UploadSession session, Descriptor blob, ChunkSource source, long chunkSize, bool believesRanges)
{
    private long _arrived;
    private long _sent;
    private long _furthest;
    private long _sentAgain;
    private bool _wasBehind;
    private bool _realigned;

    /// <summary>Whether the registry has taken a chunk, so that it knows chunks and the session.</summary>
    public bool HasArrived => _arrived > 0;

    /// <summary>Bytes of a request.</summary>
    public long ChunkSize { get; } = Math.Max(chunkSize, session.LeastChunk);

    /// <summary>Sends what has not arrived yet, and closes the session.</summary>
    /// <returns>As of <see cref="UploadSession.CloseAsync"/>.</returns>
    /// <exception cref="RegistryException">A request failed; <see cref="TryResumeAsync"/> may go on from there.</exception>
    /// <exception cref="OutOfStepException"/>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        while (_arrived < blob.Size)
        {
            await SendChunkAsync(cancellationToken);
        }

        return await session.CloseAsync(blob.Digest, body: null, cancellationToken);
    }

    /// <summary>After a failure: finds out what has arrived.</summary>
    /// <returns>False when that is nothing, or cannot be known. docker-registry 2.8.2 has lost the session then.</returns>
    public async Task<bool> TryResumeAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!believesRanges || await session.FindStoredAsync(cancellationToken) is not (> 1 and var stored) || stored > _sent)
            {
                return false;
            }

            _arrived = stored;
            return true;
        }
        catch (RegistryException)
        {
            return false; // A new session tells what is wrong.
        }
    }

    private async Task SendChunkAsync(CancellationToken cancellationToken)
    {
        var length = Math.Min(ChunkSize, blob.Size - _arrived);
        var end = _arrived + length;
        var request = session.Request(HttpMethod.Patch) with { Body = source.Body(_arrived, length), ContentRange = UploadRange.Of(_arrived, length) };
        _sent = Math.Max(_sent, end);
        using var response = await transport.SendAsync(request, cancellationToken);
        switch (response)
        {
            // The specification's; Amazon ECR's; Pulp's.
            case { Status: HttpStatusCode.Accepted or HttpStatusCode.Created or HttpStatusCode.NoContent, IsPage: false }:
                session.Follow(response);
                _arrived = await AgreeAsync(response.Header("Range"), end, cancellationToken);
                break;
            case { Status: HttpStatusCode.RequestedRangeNotSatisfiable }:
                session.Follow(response);
                await RealignAsync(await ResponseFailure.ReadAsync(response, cancellationToken), response.Header("Range"), cancellationToken);
                break;
            default:
                throw await ResponseFailure.ReadAsync(response, cancellationToken);
        }
    }

    /// <returns>Where the next chunk begins.</returns>
    private async Task<long> AgreeAsync(string? range, long end, CancellationToken cancellationToken)
    {
        if (range is null || !believesRanges)
        {
            return end;
        }

        var arrived = UploadRange.StoredBytes(range) ?? throw OutOfStep($"said '{OneLine.Of(range)}' of what has arrived", isStale: false);
        if (arrived > end)
        {
            throw OutOfStep($"said that {arrived} bytes have arrived, when {end} were sent", isStale: false);
        }

        if (arrived == end || await session.FindStoredAsync(cancellationToken) == end)
        {
            return end;
        }

        // Amazon ECR goes on showing what was there before. Whoever sends the same again and again never ends, so each time has to bring us
        // further, but for one, and all of them together may cost no more than the blob.
        _furthest = Math.Max(_furthest, _arrived);
        var isBehind = arrived <= _furthest;
        _sentAgain += end - arrived;
        if (arrived <= 1 || (isBehind && _wasBehind) || _sentAgain > blob.Size)
        {
            throw OutOfStep($"goes on saying that {arrived} bytes have arrived, when {end} were sent", isStale: true);
        }

        _wasBehind |= isBehind;
        return arrived;
    }

    /// <summary>The registry wants another chunk than the one it got.</summary>
    /// <param name="range">What its refusal says of the bytes that have arrived, where it does not answer when asked.</param>
    private async Task RealignAsync(RegistryException refusal, string? range, CancellationToken cancellationToken)
    {
        var arrived = await session.FindStoredAsync(cancellationToken) ?? (range is not null ? UploadRange.StoredBytes(range) : null);
        if (arrived == _arrived || (arrived is null or <= 1 && _arrived == 0))
        {
            // It agrees where the chunk belongs: then it is the size. GHCR says so to more than 4 MiB.
            throw refusal;
        }

        if (arrived is not (> 1 and var stored) || stored > _sent || _realigned)
        {
            throw new OutOfStepException(refusal, isStale: false);
        }

        _realigned = true;
        _arrived = stored;
    }

    private OutOfStepException OutOfStep(string what, bool isStale)
    {
        var request = session.Request(HttpMethod.Patch);
        return new OutOfStepException(
            new RegistryException(
                DiagnosticCodes.RegistryBroke,
                $"{request.Host}, asked to {request.Action}, {what}. Look at the proxies in between, or tell the registry's operator.",
                Retry.Never),
            isStale);
    }
}

using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Registry.Uploads;

/// <summary>Brings one blob into a repository: found there, mounted, sent in one piece, or in chunks; and what to do when that fails.</summary>
/// <remarks>
/// One piece first, because chunks are not portable: Google's registry has none, Gitea takes one, GHCR and ECR disagree on their size.
/// Every attempt begins with HEAD: when an answer was lost, the blob is there (docker-registry 2.8.2 answers 404 to the upload).
/// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs
/// </remarks>
internal sealed class BlobUpload : IDisposable
{
    private readonly RegistryTransport _transport;
    private readonly RepositoryAddress _address;
    private readonly Descriptor _blob;
    private readonly BlobSource _source;
    private readonly BlobLookup _lookup;
    private readonly HostTraits _traits;
    private readonly string _action;
    private readonly ChunkSource _chunks;
    private readonly BodySize _bodySize;

    private UploadSession? _session;
    private ChunkedUpload? _resumable;
    private bool _wasMountTried;
    private bool _wasSent;
    private bool _wasSessionLost;
    private bool _wasRestarted;
    private bool _wasDigestRefused;
    private bool _ignoresRanges;

    public BlobUpload(RegistryTransport transport, RepositoryAddress address, Descriptor blob, BlobSource source)
    {
        _transport = transport;
        _address = address;
        _blob = blob;
        _source = source;
        _lookup = new BlobLookup(transport, address);
        _traits = transport.TraitsOf(address);
        _action = $"store the blob {blob.Digest} in {address.Repository}";
        _chunks = new ChunkSource(blob, source);
        _ignoresRanges = _traits.ShowsStaleRanges;
        _bodySize = new BodySize(blob.Size, transport.Options.ChunkSize, _traits);
    }

    public async Task<BlobWrite> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _transport.Retries.RunAsync(_address, _action, (_, token) => AttemptAsync(token), cancellationToken);
        }
        catch
        {
            await AbandonAsync();
            throw;
        }
    }

    public void Dispose() => _chunks.Dispose();

    /// <summary>Tries until the blob is stored, or until something fails that only time can mend.</summary>
    private async Task<BlobWrite> AttemptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await IsStoredAsync(cancellationToken))
            {
                await AbandonAsync(); // Somebody else may have stored it.
                return _wasSent ? BlobWrite.Uploaded : BlobWrite.Reused;
            }

            if (!await TryResumeAsync(cancellationToken))
            {
                await AbandonAsync(); // Of an attempt that failed; nobody else would ever close it.
                var start = await MountAsync(cancellationToken) ?? await StartAsync(cancellationToken);
                if (start.Session is null)
                {
                    return start.Outcome;
                }

                _session = start.Session;
            }

            try
            {
                if (await SendAsync(_session!, cancellationToken))
                {
                    return Succeed();
                }
            }
            catch (OutOfStepException e)
            {
                await RestartAsync(e);
                continue;
            }
            catch (RegistryException e)
            {
                if (!await AdaptAsync(e, cancellationToken))
                {
                    throw;
                }

                continue;
            }

            // Not 201: 200 and 204 are also what a proxy says that has understood nothing.
            return await _lookup.FindAsync(_blob, cancellationToken) is not false ? Succeed() : throw NotKept();
        }
    }

    private BlobWrite Succeed()
    {
        _bodySize.Remember();
        _session = null;
        _resumable = null;
        return BlobWrite.Uploaded;
    }

    /// <summary>A registry that fails to answer this may take the blob all the same.</summary>
    private async Task<bool> IsStoredAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _lookup.FindAsync(_blob, cancellationToken) is true;
        }
        catch (RegistryException e) when (e.Status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
        {
            return false;
        }
    }

    private async Task<bool> TryResumeAsync(CancellationToken cancellationToken)
    {
        if (_resumable is not null && await _resumable.TryResumeAsync(cancellationToken))
        {
            return true;
        }

        _resumable = null;
        return false;
    }

    private async Task<UploadStart?> MountAsync(CancellationToken cancellationToken)
    {
        if (_wasMountTried)
        {
            return null;
        }

        _wasMountTried = true;
        return await new BlobMount(_transport, _address, _blob, _action).TryAsync(_source, cancellationToken);
    }

    private async Task<UploadStart> StartAsync(CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(HttpMethod.Post, _address.Uploads, _address, _action) { Access = RegistryAccess.Push };
        using var response = await _transport.SendAsync(request, cancellationToken);
        return response switch
        {
            { IsPage: true } => throw await ResponseFailure.ReadAsync(response, cancellationToken),
            { Status: HttpStatusCode.Created } => UploadStart.Done(BlobWrite.Reused),
            { Status: HttpStatusCode.Accepted } => new UploadStart(new UploadSession(_transport, request, response)),
            _ => throw await ResponseFailure.ReadAsync(response, cancellationToken),
        };
    }

    private Task<bool> SendAsync(UploadSession session, CancellationToken cancellationToken)
    {
        _wasSent = true;
        if (_bodySize.Chunk is not { } size)
        {
            return session.CloseAsync(_blob.Digest, new RequestBody(_blob, _source, "application/octet-stream"), cancellationToken);
        }

        _resumable ??= new ChunkedUpload(_transport, session, _blob, _chunks, size, believesRanges: !_ignoresRanges);
        return _resumable.RunAsync(cancellationToken);
    }

    /// <summary>Decides what a failed upload is followed by.</summary>
    /// <returns>True for another way, at once; false when the failure stands, with what it says of retries.</returns>
    /// <exception cref="MultiArchException">Something else is wrong than the registry says.</exception>
    private async Task<bool> AdaptAsync(RegistryException failure, CancellationToken cancellationToken)
    {
        if (failure.Retry.IsWorthwhile)
        {
            return false; // In chunks, the session is kept: what has arrived need not be sent again.
        }

        if (failure.Names("DIGEST_INVALID", "SIZE_INVALID"))
        {
            await CheckSourceAsync(failure, cancellationToken);
        }
        else if (IsSessionLost(failure))
        {
            // Once that happens; a registry that does it again may not take what is sent in this way.
            if (!_wasSessionLost || !TryOtherSize(HttpStatusCode.NotFound))
            {
                throw LoseSession(failure);
            }
        }
        else if (!TryOtherSize(failure.Status))
        {
            // Both ways are refused so, or one of them is known to be taken: then it may be the session.
            return IsUnexplained404(failure) && !_wasSessionLost ? throw LoseSession(failure) : false;
        }

        await AbandonAsync();
        return true;
    }

    /// <summary>Not every registry says it in the specification's words, but one that has taken a chunk knows chunks.</summary>
    private bool IsSessionLost(RegistryException failure) =>
        failure.Names("BLOB_UPLOAD_UNKNOWN", "BLOB_UPLOAD_INVALID")
            || (IsUnexplained404(failure) && _resumable is { HasArrived: true });

    private static bool IsUnexplained404(RegistryException failure) =>
        failure.Status is HttpStatusCode.NotFound && failure.Errors.All(error => error.Code.Length == 0);

    private RegistryException LoseSession(RegistryException failure)
    {
        _wasSessionLost = true;
        _session = null;
        _resumable = null;
        return failure.WorthAnother();
    }

    private bool TryOtherSize(HttpStatusCode? status) => _bodySize.TryOther(status, _resumable?.ChunkSize, _session?.LeastChunk ?? 0);

    /// <summary>The registry got other bytes than the digest's: hashes those that are here, to know who is to blame, and allows for one more try.</summary>
    private async Task CheckSourceAsync(RegistryException failure, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = VerifyingStream.Over(
                await _source.OpenAsync(cancellationToken), _blob, $"the upload to {_address.Registry}/{_address.Repository}", DiagnosticCodes.ContentMismatch);
            await content.CopyToAsync(Stream.Null, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw UploadContent.CannotRead(_blob, e);
        }

        if (_wasDigestRefused)
        {
            throw new RegistryException(
                DiagnosticCodes.RegistryContentMismatch,
                $"{failure.Reason} The {_blob.Size} bytes here are those of {_blob.Digest}, and were sent twice: something in between changes them. "
                    + "Look at the proxies on the way, or tell the registry's operator.",
                Retry.Never,
                failure);
        }

        _wasDigestRefused = true;
        // In chunks, it may have put one down twice, because what it said of those that had arrived was out of date.
        _ignoresRanges |= _resumable is not null;
    }

    private async Task RestartAsync(OutOfStepException e)
    {
        if (_wasRestarted)
        {
            throw e.Failure;
        }

        _wasRestarted = true;
        _traits.ShowsStaleRanges |= e.IsStale;
        _ignoresRanges |= e.IsStale;
        await AbandonAsync();
    }

    private async Task AbandonAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            _resumable = null;
            await session.AbandonAsync();
        }
    }

    private RegistryException NotKept() => new(
        DiagnosticCodes.RegistryFailed,
        $"{_address.Registry}, asked to {_action}, took it and does not have it. Publish again; if it stays, look into the registry's log.",
        Retry.Again);
}

using System.Net;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Uploads;

/// <summary>An upload that a registry has opened: where it goes on, which changes with every answer, and how it ends.</summary>
internal sealed class UploadSession
{
    // A cancelled build waits for nothing longer than this.
    private static readonly TimeSpan AbandonLimit = TimeSpan.FromSeconds(2);

    private readonly RegistryTransport _transport;
    private readonly RegistryRequest _opening;
    private Uri _location;

    /// <param name="response">The 202 that opens the session.</param>
    /// <exception cref="RegistryException">It says nowhere to go, or where we do not go.</exception>
    public UploadSession(RegistryTransport transport, RegistryRequest request, RegistryResponse response)
    {
        _transport = transport;
        _opening = request;
        _location = NextHop.Resolve(response.Request, response.Location);
        LeastChunk = ChunkSizes.AskedFor(response.Header("OCI-Chunk-Min-Length"));
    }

    /// <summary>Bytes that each chunk but the last must have; zero when the registry does not mind.</summary>
    public long LeastChunk { get; }

    public RegistryRequest Request(HttpMethod method) => new(method, _location, _opening.Address, _opening.Action) { Access = RegistryAccess.Push };

    /// <summary>Goes on where an answer says; where it does not say, where it was.</summary>
    public void Follow(RegistryResponse response)
    {
        if (response.Location is { } location)
        {
            _location = NextHop.Resolve(response.Request, location);
        }
    }

    /// <summary>Ends the upload with the blob's digest.</summary>
    /// <param name="body">All of the blob; null when it has been sent in chunks.</param>
    /// <returns>Whether the answer is a clear one. If not, only the registry's HEAD tells that the blob is stored.</returns>
    /// <exception cref="RegistryException">The blob is not stored.</exception>
    public async Task<bool> CloseAsync(Digest digest, RequestBody? body, CancellationToken cancellationToken)
    {
        var request = Request(HttpMethod.Put) with { Uri = UploadLocation.WithDigest(_location, digest), Body = body };
        using var response = await _transport.SendAsync(request, cancellationToken);
        return response switch
        {
            { IsPage: true } => throw await ResponseFailure.ReadAsync(response, cancellationToken),
            { Status: HttpStatusCode.Created } when response.ContentDigest is not { } stored || stored == digest => true,
            // Older registries, and object stores behind a signed address; and who says that it has stored something else.
            { Status: HttpStatusCode.Created or HttpStatusCode.OK or HttpStatusCode.Accepted or HttpStatusCode.NoContent } => false,
            _ => throw await ResponseFailure.ReadAsync(response, cancellationToken),
        };
    }

    /// <summary>Asks how far the upload has come.</summary>
    /// <returns>Bytes; null when the session is gone, or nobody can say. One may also be none: registries answer <c>0-0</c> for both.</returns>
    public async Task<long?> FindStoredAsync(CancellationToken cancellationToken)
    {
        using var response = await _transport.SendAsync(Request(HttpMethod.Get), cancellationToken);
        if (response is not { Status: HttpStatusCode.NoContent or HttpStatusCode.Accepted or HttpStatusCode.OK, IsPage: false })
        {
            return null;
        }

        Follow(response);
        return response.Header("Range") is { } range ? UploadRange.StoredBytes(range) : null;
    }

    /// <summary>Closes a session that will not be finished, if that goes quickly; the registry clears it away otherwise.</summary>
    public async Task AbandonAsync()
    {
        // What the registry sent us to may be an object store, where DELETE means something else.
        if (!_opening.Address.IsOrigin(_location))
        {
            return;
        }

        using var limit = new CancellationTokenSource(AbandonLimit);
        try
        {
            using var response = await _transport.SendAsync(Request(HttpMethod.Delete), limit.Token);
        }
        catch (Exception e) when (e is MultiArchException or OperationCanceledException)
        {
            // The failure that led here is the one to report.
        }
    }
}

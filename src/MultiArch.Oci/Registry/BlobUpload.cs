using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Registry;

/// <summary>Brings one blob, which is not there yet, into a repository: mounted if it can be, else sent in one piece.</summary>
/// <remarks>
/// One piece, because chunks are not portable: Google's registry has none, Gitea takes one, GHCR and ECR disagree on their size.
/// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs
/// </remarks>
internal sealed class BlobUpload(RegistryTransport transport, RepositoryAddress address, Descriptor blob, BlobSource source)
{
    // A cancelled build waits for nothing longer than this.
    private static readonly TimeSpan AbandonLimit = TimeSpan.FromSeconds(2);

    private readonly string _action = $"store the blob {blob.Digest} in {address.Repository}";

    public async Task<BlobWrite> RunAsync(CancellationToken cancellationToken)
    {
        var start = await MountAsync(cancellationToken) ?? await StartAsync(cancellationToken);
        if (start.Session is not { } session)
        {
            return start.Outcome;
        }

        try
        {
            await SendAsync(session, cancellationToken);
        }
        catch
        {
            await AbandonAsync(session);
            throw;
        }

        return BlobWrite.Uploaded;
    }

    /// <summary>Asks the registry to link the blob from another of its repositories; null when the usual way has to be gone.</summary>
    private async Task<Start?> MountAsync(CancellationToken cancellationToken)
    {
        // Quay refuses a mount without its source, and Docker Hub one from elsewhere.
        if (await source.FindMountFromAsync(cancellationToken) is not { } from
            || !from.Registry.Equals(address.Registry, StringComparison.OrdinalIgnoreCase)
            || from.Repository == address.Repository)
        {
            return null;
        }

        var request = new RegistryRequest(HttpMethod.Post, address.Mount(blob.Digest, from.Repository), address, _action)
        {
            Access = RegistryAccess.Push,
            MountFrom = from.Repository,
        };
        using var response = await transport.SendAsync(request, cancellationToken);
        return response.Status switch
        {
            HttpStatusCode.Created => new Start(BlobWrite.Mounted, null),
            // Not mounted, and the session that it opened instead would linger if another one were opened.
            HttpStatusCode.Accepted when response.Location is { } location =>
                new Start(BlobWrite.Uploaded, NextHop.Resolve(request, location)),
            _ => null, // It is only a short cut: the usual way has its own errors.
        };
    }

    private async Task<Start> StartAsync(CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(HttpMethod.Post, address.Uploads, address, _action) { Access = RegistryAccess.Push };
        using var response = await transport.SendAsync(request, cancellationToken);
        return response.Status switch
        {
            HttpStatusCode.Created => new Start(BlobWrite.Reused, null),
            HttpStatusCode.Accepted => new Start(BlobWrite.Uploaded, NextHop.Resolve(request, response.Location)),
            _ => throw await ResponseFailure.ReadAsync(response, cancellationToken),
        };
    }

    private async Task SendAsync(Uri session, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(HttpMethod.Put, UploadLocation.WithDigest(session, blob.Digest), address, _action)
        {
            Access = RegistryAccess.Push,
            Body = new RequestBody(blob, source, "application/octet-stream"),
        };
        using var response = await transport.SendAsync(request, cancellationToken);

        // 201 is the specification's; older registries and object stores say 200 or 204.
        if (response.IsPage || response.Status is not (HttpStatusCode.Created or HttpStatusCode.OK or HttpStatusCode.NoContent))
        {
            throw await ResponseFailure.ReadAsync(response, cancellationToken);
        }
    }

    /// <summary>Closes a session that will not be finished, if that goes quickly; the registry clears it away otherwise.</summary>
    private async Task AbandonAsync(Uri session)
    {
        if (!address.IsOrigin(session))
        {
            return;
        }

        using var limit = new CancellationTokenSource(AbandonLimit);
        try
        {
            using var response = await transport.SendAsync(new RegistryRequest(HttpMethod.Delete, session, address, _action) { Access = RegistryAccess.Push }, limit.Token);
        }
        catch (Exception e) when (e is MultiArchException or OperationCanceledException)
        {
            // The failure that led here is the one to report.
        }
    }

    /// <param name="Session">Where the bytes go; null when they need not go anywhere.</param>
    private readonly record struct Start(BlobWrite Outcome, Uri? Session);
}

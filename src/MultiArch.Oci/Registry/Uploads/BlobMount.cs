using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Registry.Uploads;

/// <summary>Asks a registry to link a blob from another of its repositories.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#mounting-a-blob-from-another-repository</remarks>
internal sealed class BlobMount(RegistryTransport transport, RepositoryAddress address, Descriptor blob, string action)
{
    /// <returns>Null when the usual way has to be gone, which has errors of its own.</returns>
    /// <exception cref="RegistryException">No answer came: it may have been mounted.</exception>
    public async Task<UploadStart?> TryAsync(BlobSource source, CancellationToken cancellationToken)
    {
        // Quay refuses a mount without its source, and Docker Hub one from elsewhere.
        if (await source.FindMountFromAsync(cancellationToken) is not { } from
            || !from.Registry.Equals(address.Registry, StringComparison.OrdinalIgnoreCase)
            || from.Repository == address.Repository)
        {
            return null;
        }

        var request = new RegistryRequest(HttpMethod.Post, address.Mount(blob.Digest, from.Repository), address, action)
        {
            Access = RegistryAccess.Push,
            MountFrom = from.Repository,
        };
        try
        {
            using var response = await transport.SendAsync(request, cancellationToken);
            return response switch
            {
                { IsPage: true } => null,
                { Status: HttpStatusCode.Created } when response.ContentDigest is not { } mounted || mounted == blob.Digest => UploadStart.Done(BlobWrite.Mounted),
                // Not mounted, and the session that it opened instead would linger if another one were opened.
                { Status: HttpStatusCode.Accepted, Location: not null } => new UploadStart(new UploadSession(transport, request, response)),
                _ => null,
            };
        }
        catch (RegistryException e) when (!e.Retry.IsWorthwhile)
        {
            return null; // The other repository may need rights that we do not have.
        }
    }
}

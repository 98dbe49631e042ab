using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry;

/// <summary>Asks whether a repository holds a blob, once.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#checking-if-content-exists-in-the-registry</remarks>
internal sealed class BlobLookup(RegistryTransport transport, RepositoryAddress address)
{
    private readonly HostTraits _traits = transport.TraitsOf(address);

    /// <returns>Null when the answer does not tell.</returns>
    /// <exception cref="RegistryException">No answer came, or the registry fails, or it holds something else under the digest.</exception>
    public async Task<bool?> FindAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        if (_traits.KnowsNoHeadOfBlobs)
        {
            return await PeekAsync(blob, cancellationToken);
        }

        using var response = await transport.SendAsync(Request(HttpMethod.Head, blob), cancellationToken);
        switch (response)
        {
            case { Status: HttpStatusCode.MethodNotAllowed }:
                _traits.KnowsNoHeadOfBlobs = true;
                return await PeekAsync(blob, cancellationToken);
            // Artifactory answers 403 to a HEAD whose PUT it takes.
            case { Status: HttpStatusCode.Forbidden }:
                return null;
            case { Status: HttpStatusCode.NotFound }:
                return false;
            case { Status: not HttpStatusCode.OK } or { IsPage: true }:
                throw await ResponseFailure.ReadAsync(response, cancellationToken);
            default:
                return Compare(blob, response.ContentLength);
        }
    }

    /// <summary>Asks for one byte, because the answer tells of how many; a registry that sends all is not listened to.</summary>
    private async Task<bool?> PeekAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        using var response = await transport.SendAsync(Request(HttpMethod.Get, blob) with { Range = "bytes=0-0" }, cancellationToken);
        return response switch
        {
            { IsPage: true } => null,
            { Status: HttpStatusCode.NotFound } => false,
            { Status: HttpStatusCode.OK } => Compare(blob, response.ContentLength),
            // The second is for an empty blob, which has no first byte.
            { Status: HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable } => Compare(blob, response.ContentRange?.Length),
            { Status: HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } => throw await ResponseFailure.ReadAsync(response, cancellationToken),
            _ => null,
        };
    }

    private bool? Compare(Descriptor blob, long? length)
    {
        if (length is not null && length != blob.Size)
        {
            throw OtherSize(address, blob, length.Value);
        }

        return length is null ? null : true;
    }

    public static MultiArchException OtherSize(RepositoryAddress address, Descriptor blob, long length) => new(
        DiagnosticCodes.RegistryContentMismatch,
        $"{address.Registry}/{address.Repository} holds {length} bytes as the blob {blob.Digest}, which has {blob.Size}. "
            + "Let the registry's operator remove that blob, then publish again.");

    private RegistryRequest Request(HttpMethod method, Descriptor blob) =>
        new(method, address.Blob(blob.Digest), address, $"look for the blob {blob.Digest} in {address.Repository}");
}

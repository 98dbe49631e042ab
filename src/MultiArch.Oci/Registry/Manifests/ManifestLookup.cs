using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Manifests;

/// <summary>Reads manifests of a repository, or only what a tag names; each request once.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests</remarks>
internal sealed class ManifestLookup(RegistryTransport transport, RepositoryAddress address)
{
    private readonly HostTraits _traits = transport.TraitsOf(address);

    /// <returns>Null when there is none.</returns>
    public async Task<Document?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        var action = $"read the manifest {reference} of {address.Repository}";
        using var response = await transport.SendAsync(Request(HttpMethod.Get, reference, action), cancellationToken);
        return response switch
        {
            { Status: HttpStatusCode.NotFound, IsPage: false } => null,
            { Status: HttpStatusCode.OK } => await ManifestReader.ReadAsync(response, reference, cancellationToken),
            _ => throw await ResponseFailure.ReadAsync(response, cancellationToken),
        };
    }

    /// <summary>Asks for the header alone, which Docker Hub does not count as a pull.</summary>
    /// <param name="action">As of <see cref="RegistryRequest.Action"/>.</param>
    public async Task<ManifestState> FindHeaderAsync(string reference, string action, CancellationToken cancellationToken)
    {
        if (_traits.KnowsNoHeadOfManifests)
        {
            return ManifestState.Unknown;
        }

        using var response = await transport.SendAsync(Request(HttpMethod.Head, reference, action), cancellationToken);
        switch (response)
        {
            case { IsPage: true }:
                return ManifestState.Unknown;
            case { Status: HttpStatusCode.OK, ContentDigest: { } digest }:
                return ManifestState.Is(digest);
            case { Status: HttpStatusCode.NotFound }:
                return ManifestState.Missing;
            case { Status: HttpStatusCode.MethodNotAllowed }:
                _traits.KnowsNoHeadOfManifests = true;
                return ManifestState.Unknown;
            case { Status: HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError }:
                throw await ResponseFailure.ReadAsync(response, cancellationToken);
            // Artifactory answers 403 to a HEAD whose PUT it takes. Nexus and OpenShift leave out the digest.
            default:
                return ManifestState.Unknown;
        }
    }

    /// <summary>The same, from the manifest itself where the header does not tell.</summary>
    public async Task<ManifestState> FindStateAsync(string reference, string action, CancellationToken cancellationToken)
    {
        var state = await FindHeaderAsync(reference, action, cancellationToken);
        if (state.IsKnown)
        {
            return state;
        }

        using var response = await transport.SendAsync(Request(HttpMethod.Get, reference, action), cancellationToken);
        return response switch
        {
            { IsPage: true } => ManifestState.Unknown,
            { Status: HttpStatusCode.OK } => ManifestState.Is((await ManifestReader.ReadAsync(response, reference, cancellationToken)).Digest),
            { Status: HttpStatusCode.NotFound } => ManifestState.Missing,
            { Status: HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } => throw await ResponseFailure.ReadAsync(response, cancellationToken),
            // Who may not read here may still write.
            _ => ManifestState.Unknown,
        };
    }

    public RegistryRequest Request(HttpMethod method, string reference, string action) =>
        ImageReference.IsTag(reference) || Digest.TryParse(reference, out _)
            ? new RegistryRequest(method, address.Manifest(reference), address, action) { Accept = MediaTypes.Manifests }
            : throw new ArgumentException($"'{reference}' is neither a tag nor a digest.", nameof(reference));
}

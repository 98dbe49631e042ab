using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>What a token service is asked.</summary>
/// <param name="Realm">Where; looked at by <see cref="Authentication.Realm"/>.</param>
/// <param name="Service">The registry, by the name that the challenge gives it; null when it gives none.</param>
/// <param name="Credential">Null for a token that anybody gets.</param>
/// <param name="For">The request that wants the token.</param>
internal sealed record TokenRequest(Uri Realm, string? Service, AccessScopes Scopes, Credential? Credential, RegistryRequest For)
{
    /// <summary>Requests that get the same token have the same.</summary>
    public (string Registry, Uri Realm, string? Service, string Scopes, Credential? Credential) Key =>
        (For.Address.Registry, Realm, Service, Scopes.Key, Credential);
}

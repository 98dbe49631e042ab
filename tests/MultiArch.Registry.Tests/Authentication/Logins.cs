using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Credentials;

namespace MultiArch.Registry.Tests.Authentication;

/// <summary>Credentials of a test's own, that count how often they are looked for.</summary>
internal sealed class Logins(params Credential[] credentials) : ICredentialSource
{
    private int _asked;

    /// <summary>How often any was looked for.</summary>
    public int Asked => _asked;

    /// <returns>The first; of a refused one, the one that follows.</returns>
    public Task<Credential?> FindAsync(ImageReference repository, RegistryAccess access, Credential? refused, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        return Task.FromResult(credentials.ElementAtOrDefault(refused is null ? 0 : Array.IndexOf(credentials, refused) + 1));
    }
}

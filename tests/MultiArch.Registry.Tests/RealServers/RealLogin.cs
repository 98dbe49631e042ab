using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.RealServers;

/// <summary>The one user of the real registries.</summary>
internal sealed class RealLogin : ICredentialSource
{
    public static Login Login { get; } = new("alice", "s3cret: ö");

    public Task<Credential?> FindAsync(ImageReference repository, RegistryAccess access, Credential? refused, CancellationToken cancellationToken) =>
        Task.FromResult(refused is null ? new Credential(Login.Username, Login.Password, "the test") : null);
}

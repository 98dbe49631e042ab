namespace MultiArch.Oci.Registry.Credentials;

/// <summary>Finds what a registry is to be told about who asks.</summary>
public interface ICredentialSource
{
    /// <summary>The credential for a repository; null when none is known, and the request goes out as anybody's.</summary>
    /// <param name="repository">Its tag and digest are of no account.</param>
    /// <param name="refused">What the registry did not take: another one is wanted, or none. Null at first.</param>
    /// <remarks>Called from several threads. The source remembers what it found; a credential that was refused is looked for once more.</remarks>
    Task<Credential?> FindAsync(ImageReference repository, RegistryAccess access, Credential? refused, CancellationToken cancellationToken);
}

namespace MultiArch.Oci.Registry;

/// <summary>What people should know of the way to a registry while nothing has failed yet.</summary>
public abstract record RegistryEvent
{
    private RegistryEvent()
    {
    }

    /// <summary>Something went wrong that may go right the next time.</summary>
    /// <param name="Reason">A line with its full stop, and without a next step.</param>
    /// <param name="Attempt">The one that comes, from 2.</param>
    public sealed record Retrying(string Host, string Reason, TimeSpan Delay, int Attempt, int MaxAttempts) : RegistryEvent;

    /// <summary>What the registry says in a <c>Warning</c> header; told once.</summary>
    /// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#warnings</remarks>
    public sealed record Warning(string Host, string Text) : RegistryEvent;

    /// <summary>A place where credentials may be cannot be used; others are asked, and told once.</summary>
    /// <param name="Source">As in <see cref="Credentials.Credential.Source"/>.</param>
    /// <param name="Reason">A line with its full stop.</param>
    public sealed record CredentialSourceUnusable(string Source, string Reason) : RegistryEvent;

    /// <summary>A secret stands in an environment variable that MSBuild writes into its logs; told once.</summary>
    public sealed record SecretIsLogged(string Variable) : RegistryEvent;

    /// <summary>A registry behind TLS sent us to http on its own host, and https was spoken; told once.</summary>
    public sealed record LocationUpgraded(string Host) : RegistryEvent;

    /// <summary>The registry has credentials checked by a host that is not obviously its own; told once.</summary>
    public sealed record ForeignTokenService(string Host, string TokenService) : RegistryEvent;

    /// <summary>A mirror did not give what it was asked for, and is not asked again; told once.</summary>
    /// <param name="Reason">A line with its full stop.</param>
    public sealed record MirrorUnusable(string Mirror, string Registry, string Reason) : RegistryEvent;
}

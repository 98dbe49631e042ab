using System.Security.Cryptography.X509Certificates;

namespace MultiArch.Testing;

/// <summary>How a docker-registry is set up.</summary>
public sealed record RegistryProcessOptions
{
    /// <summary>With its key; null for plain http.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Who may use it, by htpasswd; null for anybody.</summary>
    public Login? Login { get; init; }

    /// <summary>Whether it will be killed and started again, with the same port.</summary>
    public bool Restarts { get; init; }

    /// <summary>Whose tokens it takes.</summary>
    public TokenServer? Tokens { get; init; }
}

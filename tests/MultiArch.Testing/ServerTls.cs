using System.Security.Cryptography.X509Certificates;

namespace MultiArch.Testing;

/// <summary>How a server of the tests speaks TLS.</summary>
/// <param name="Certificate">With its key; from a <see cref="TestCertificateAuthority"/>.</param>
public sealed record ServerTls(X509Certificate2 Certificate)
{
    /// <summary>Who has to have issued the certificate that a client shows; null when none is asked for.</summary>
    public X509Certificate2? ClientAuthority { get; init; }
}

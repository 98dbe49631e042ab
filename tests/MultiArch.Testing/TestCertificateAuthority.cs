using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiArch.Testing;

/// <summary>Issues certificates that nobody trusts but who is told to.</summary>
public sealed class TestCertificateAuthority : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1"; // RFC 5280, 4.2.1.12
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly List<X509Certificate2> _issued = [];

    public TestCertificateAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=MultiArch.Build test authority", key, HashAlgorithmName.SHA256)
        {
            CertificateExtensions =
            {
                new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true),
                new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true),
            },
        };
        Certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(1));
    }

    /// <summary>The authority's own, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The authority's own, as a <c>ca.crt</c> has it.</summary>
    public string Pem => Certificate.ExportCertificatePem();

    /// <summary>For 127.0.0.1, ::1 and localhost.</summary>
    public X509Certificate2 IssueServer() => Issue("127.0.0.1", ServerUse, [IPAddress.Loopback, IPAddress.IPv6Loopback, "localhost"]);

    /// <summary>For another host than this one.</summary>
    public X509Certificate2 IssueServerOf(string host) => Issue(host, ServerUse, [host]);

    /// <summary>Its time was over yesterday.</summary>
    public X509Certificate2 IssueExpiredServer() =>
        Issue("127.0.0.1", ServerUse, [IPAddress.Loopback, "localhost"], notAfter: DateTimeOffset.UtcNow.AddDays(-1));

    public X509Certificate2 IssueClient(string name) => Issue(name, ClientUse, []);

    /// <summary>A certificate that speaks for itself, and no authority for it.</summary>
    public static X509Certificate2 SelfSignServer()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256) { CertificateExtensions = { Names([IPAddress.Loopback, "localhost"]) } };
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(30));
        return Reload(certificate);
    }

    /// <summary>Writes a certificate and its key as two PEM files.</summary>
    public static (string Certificate, string Key) Write(X509Certificate2 certificate, TempDirectory folder, string name)
    {
        using var key = certificate.GetECDsaPrivateKey() ?? throw new ArgumentException("It has no key.", nameof(certificate));
        return (folder.Write($"{name}.crt", certificate.ExportCertificatePem()), folder.Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    public void Dispose()
    {
        _issued.ForEach(certificate => certificate.Dispose());
        Certificate.Dispose();
    }

    /// <param name="names">An <see cref="IPAddress"/> or a host's name each.</param>
    private X509Certificate2 Issue(string subject, string use, object[] names, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={subject}", key, HashAlgorithmName.SHA256)
        {
            CertificateExtensions =
            {
                new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true),
                new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true),
                new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false),
            },
        };
        if (names.Length > 0)
        {
            request.CertificateExtensions.Add(Names(names));
        }

        using var bare = request.Create(Certificate, DateTimeOffset.UtcNow.AddDays(-60), notAfter ?? DateTimeOffset.UtcNow.AddDays(30), RandomNumberGenerator.GetBytes(12));
        using var certificate = bare.CopyWithPrivateKey(key);
        var issued = Reload(certificate);
        _issued.Add(issued);
        return issued;
    }

    private static X509Extension Names(object[] names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (name is IPAddress address)
            {
                builder.AddIpAddress(address);
            }
            else
            {
                builder.AddDnsName((string)name);
            }
        }

        return builder.Build();
    }

    /// <summary>Windows' TLS takes no key that was never stored.</summary>
    private static X509Certificate2 Reload(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null, X509KeyStorageFlags.Exportable);
}

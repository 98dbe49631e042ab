using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiArch.Oci.Registry.Hosts;

/// <summary>A host's folder in a <c>certs.d</c>: <c>*.crt</c> are authorities, <c>*.cert</c> with <c>*.key</c> is who we are.</summary>
/// <remarks>https://docs.docker.com/engine/security/certificates/ and containers-certs.d(5)</remarks>
internal sealed class CertificateFolder
{
    private readonly string _path;

    private CertificateFolder(string path) => _path = path;

    /// <param name="roots">The first that has a folder for the host counts, alone, as with podman.</param>
    /// <param name="names">What that folder may be called.</param>
    public static CertificateFolder? Find(IEnumerable<string> roots, IEnumerable<string> names)
    {
        // A folder of Windows has no colon in its name: there docker leaves it out.
        var candidates = names.Select(name => OperatingSystem.IsWindows() ? name.Replace(":", "", StringComparison.Ordinal) : name)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        return roots.SelectMany(root => candidates.Select(name => Path.Combine(root, name))).FirstOrDefault(Directory.Exists) is { } path
            ? new CertificateFolder(path)
            : null;
    }

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidCertificate"/>.</exception>
    public IReadOnlyList<X509Certificate2> ReadAuthorities() => [.. Files(".crt").SelectMany(file => CertificateFile.ReadAuthorities(file))];

    /// <summary>The first one; null when there is none.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidCertificate"/>.</exception>
    public X509Certificate2? ReadClientCertificate() =>
        Files(".cert").FirstOrDefault() is { } file ? CertificateFile.ReadWithKey(file, Path.ChangeExtension(file, ".key")) : null;

    private IEnumerable<string> Files(string extension)
    {
        try
        {
            return Directory.GetFiles(_path).Where(file => Path.GetExtension(file) == extension).Order(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CertificateFile.Unusable(_path, e);
        }
    }
}

/// <summary>Reads certificates from PEM files.</summary>
public static class CertificateFile
{
    /// <param name="path">Absolute; one or more certificates.</param>
    /// <param name="setting">The property that holds the path; null for a file that was found.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidCertificate"/>.</exception>
    public static IReadOnlyList<X509Certificate2> ReadAuthorities(string path, string? setting = null)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(path);
            return certificates.Count > 0 ? [.. certificates] : throw new CryptographicException("it holds no certificate in PEM");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e, setting);
        }
    }

    internal static X509Certificate2 ReadWithKey(string path, string keyPath)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(path, keyPath);
            // Windows takes no key for TLS that is in memory alone.
            return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null) : certificate;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Unusable(e is FileNotFoundException ? keyPath : path, e);
        }
    }

    internal static MultiArchException Unusable(string path, Exception e, string? setting = null) => new(
        DiagnosticCodes.InvalidCertificate,
        $"{(setting is null ? "" : $"{setting} ")}'{path}' cannot be used: {OneLine.Of(e.Message).TrimEnd('.')}. Let it be a readable file of certificates in PEM.",
        e);
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MultiArch.Oci;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>The one file with all trusted authorities, as update-ca-certificates makes it: the files one after the other, each ending with a line feed.</summary>
/// <remarks>https://manpages.debian.org/bookworm/ca-certificates/update-ca-certificates.8.en.html. .NET and libssl read it; the links named by hashes beside it are for others.</remarks>
internal static class CertificateBundle
{
    public const string Path = "etc/ssl/certs/ca-certificates.crt";

    private const string Label = "CERTIFICATE";

    /// <param name="existing">The base's bundle, which stays as it is at the start; null for none.</param>
    /// <param name="packaged">Files of packages, in their order.</param>
    /// <param name="authorities">The user's; checked. Each certificate comes once.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidAuthority"/>.</exception>
    public static byte[] Make(byte[]? existing, IEnumerable<byte[]> packaged, IEnumerable<AuthorityFile> authorities)
    {
        using var bundle = new MemoryStream();
        var known = new HashSet<Digest>();
        Append(existing ?? []);
        foreach (var file in packaged)
        {
            if (!Find(file).Any(certificate => known.Contains(Digest.Of(certificate.Der))))
            {
                Append(file);
            }
        }

        foreach (var authority in authorities)
        {
            foreach (var certificate in Check(authority).Where(certificate => known.Add(Digest.Of(certificate.Der))))
            {
                Append(Encoding.UTF8.GetBytes(certificate.Pem));
            }
        }

        return bundle.ToArray();

        void Append(byte[] file)
        {
            known.UnionWith(Find(file).Select(certificate => Digest.Of(certificate.Der)));
            bundle.Write(file);
            if (file is [.., not (byte)'\n'])
            {
                bundle.WriteByte((byte)'\n');
            }
        }
    }

    private static List<(string Pem, byte[] Der)> Check(AuthorityFile authority)
    {
        var certificates = new List<(string, byte[])>();
        try
        {
            foreach (var (label, pem, der) in Blocks(Encoding.UTF8.GetString(authority.Content.Span)))
            {
                if (label != Label)
                {
                    throw Refuse(authority, label.EndsWith("PRIVATE KEY", StringComparison.Ordinal) ? "it holds a private key, which an image must not" : $"it holds a {OneLine.Of(label, 40)}");
                }

                using var certificate = X509CertificateLoader.LoadCertificate(der);
                certificates.Add((pem, der));
            }
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw Refuse(authority, $"a certificate in it cannot be read ({OneLine.Of(e.Message).TrimEnd('.')})");
        }

        return certificates.Count > 0 ? certificates : throw Refuse(authority, "it holds no certificate in PEM form");
    }

    private static MultiArchException Refuse(AuthorityFile authority, string why) => new(
        DiagnosticCodes.InvalidAuthority,
        $"'{OneLine.Of(authority.Origin)}' cannot be trusted as a certificate authority: {why}. Put files with the authority's certificate in PEM form (-----BEGIN CERTIFICATE-----) there, and nothing else.");

    private static IEnumerable<(string Pem, byte[] Der)> Find(byte[] file)
    {
        try
        {
            return [.. Blocks(Encoding.UTF8.GetString(file)).Where(block => block.Label == Label).Select(block => (block.Pem, block.Der))];
        }
        catch (FormatException)
        {
            // What is in a base or a package is not ours to judge: it is taken as it is.
            return [];
        }
    }

    /// <summary>Lines end with a line feed, as Debian's own do.</summary>
    private static List<(string Label, string Pem, byte[] Der)> Blocks(string text)
    {
        var blocks = new List<(string, string, byte[])>();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var pem = rest[fields.Location].ToString().ReplaceLineEndings("\n");
            blocks.Add((rest[fields.Label].ToString(), pem, Convert.FromBase64String(rest[fields.Base64Data].ToString())));
            rest = rest[fields.Location.End..];
        }

        return blocks;
    }
}

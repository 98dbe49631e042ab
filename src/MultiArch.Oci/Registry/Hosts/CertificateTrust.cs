using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiArch.Oci.Registry.Hosts;

/// <summary>Decides whether a certificate is to be trusted: by the system's authorities, or by those added to them. Nothing switches it off.</summary>
internal sealed class CertificateTrust(IReadOnlyList<X509Certificate2> authorities)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>How a server's certificate is followed to an authority: by what the server shows and this machine has. It makes nobody fetch anything, as with docker.</summary>
    public static X509ChainPolicy Policy() => new()
    {
        ApplicationPolicy = { new Oid(ServerAuthentication) },
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
    };

    /// <exception cref="CertificateRejectedException">The certificate is not trusted.</exception>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors is SslPolicyErrors.None)
        {
            return true;
        }

        if (certificate is not X509Certificate2 shown || chain is null)
        {
            throw new CertificateRejectedException("it shows no certificate.", CertificateFault.Other);
        }

        // Whose it is comes first: trusting its authority would not help.
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            var host = (sender as SslStream)?.TargetHostName ?? "this host";
            throw new CertificateRejectedException($"its certificate is for {NamesOf(shown)}, not for {host}.", CertificateFault.OtherHost);
        }

        if (authorities.Count == 0)
        {
            throw Explain(shown, chain);
        }

        // Of two authorities of one name, such as an old and a new key, only the first would be looked at: so each by itself, too.
        if (authorities.Count > 1 && authorities.Any(authority => IsIssued(shown, chain, [authority], out _)))
        {
            return true;
        }

        return IsIssued(shown, chain, authorities, out var failure) ? true : throw failure;
    }

    private static bool IsIssued(
        X509Certificate2 certificate, X509Chain system, IReadOnlyList<X509Certificate2> authorities, [NotNullWhen(false)] out CertificateRejectedException? failure)
    {
        using var chain = new X509Chain { ChainPolicy = Policy() };
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities.ToArray());
        chain.ChainPolicy.ExtraStore.AddRange(system.ChainPolicy.ExtraStore); // what the server showed beside its own
        failure = chain.Build(certificate) ? null : Explain(certificate, chain);
        return failure is null;
    }

    private static CertificateRejectedException Explain(X509Certificate2 certificate, X509Chain chain)
    {
        var faults = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        // What no authority would heal is said first.
        if (faults.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            var outdated = chain.ChainElements.Select(element => element.Certificate)
                .FirstOrDefault(element => chain.ChainPolicy.VerificationTime > element.NotAfter || chain.ChainPolicy.VerificationTime < element.NotBefore) ?? certificate;
            var which = outdated.Equals(certificate) ? "its certificate" : $"the certificate of its authority {Name(outdated.SubjectName)}";
            return new CertificateRejectedException(
                $"{which} is valid from {Day(outdated.NotBefore)} to {Day(outdated.NotAfter)} and not now, or this machine's clock is wrong.",
                CertificateFault.NotNow);
        }

        // The last one: an authority of that name is trusted, and it is another one.
        if ((faults & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.NotSignatureValid)) != 0)
        {
            var top = chain.ChainElements.LastOrDefault()?.Certificate ?? certificate;
            return new CertificateRejectedException(
                top.Equals(certificate) && IsSelfIssued(certificate)
                    ? "its certificate is self-signed."
                    : $"this machine does not trust the authority of its certificate, {Name(top.IssuerName)}.",
                CertificateFault.UnknownAuthority);
        }

        return new CertificateRejectedException($"its certificate is not valid: {faults}.", CertificateFault.Other);
    }

    private static bool IsSelfIssued(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static string NamesOf(X509Certificate2 certificate)
    {
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        var names = alternatives is null ? [] : alternatives.EnumerateDnsNames().Concat(alternatives.EnumerateIPAddresses().Select(address => address.ToString())).ToList();
        return OneLine.Of(names.Count > 0 ? string.Join(", ", names) : certificate.Subject);
    }

    private static string Name(X500DistinguishedName name) => $"'{OneLine.Of(name.Name)}'";

    private static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>What is wrong with a certificate, as far as the next step depends on it.</summary>
internal enum CertificateFault
{
    Other,
    UnknownAuthority,
    OtherHost,
    NotNow,
}

/// <param name="reason">After "a certificate that is not trusted:", with its full stop.</param>
internal sealed class CertificateRejectedException(string reason, CertificateFault fault) : AuthenticationException(reason)
{
    public CertificateFault Fault { get; } = fault;
}

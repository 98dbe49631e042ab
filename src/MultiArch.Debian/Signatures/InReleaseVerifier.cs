using MultiArch.Debian.Sources;
using MultiArch.Oci;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace MultiArch.Debian.Signatures;

/// <summary>Hands out what a trusted key has signed, and nothing else.</summary>
/// <remarks>As apt has it: one good signature is enough, those of unknown keys are passed over, and a bad one of a trusted key stops everything.</remarks>
internal static class InReleaseVerifier
{
    // A Debian point release has three signatures; each costs time to look at.
    private const int MaxSignatures = 16;

    /// <param name="now">For signatures that say until when they count; null when they count after that.</param>
    /// <returns>The text that was signed.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.BadSignature"/>, <see cref="DiagnosticCodes.NotSignedByTrustedKey"/>.</exception>
    public static string Verify(ReadOnlySpan<byte> inRelease, Keyring keyring, PackageSource source, DateTimeOffset? now)
    {
        ClearSignedDocument document;
        IReadOnlyList<PgpSignature> signatures;
        try
        {
            document = ClearSignedDocument.Parse(inRelease);
            signatures = ReadSignatures(document.Armor);
        }
        catch (FormatException e)
        {
            throw Bad(source, e.Message, e);
        }

        var isGood = false;
        var doubts = new List<string>();
        foreach (var signature in signatures)
        {
            var issuers = keyring.IssuersOf(signature);
            if (issuers.Count == 0)
            {
                doubts.Add($"the key {signature.KeyId:X16} is not trusted");
                continue;
            }

            var doubt = SignaturePolicy.WhyUnusable(signature, now) ?? Check(signature, issuers, document, source);
            isGood |= doubt is null;
            if (doubt is not null)
            {
                doubts.Add($"the key {issuers[0].Fingerprint} {doubt}");
            }
        }

        return isGood ? document.Text : throw NotTrusted(source, keyring, doubts);
    }

    /// <returns>Why a good signature does not count; null for one that does.</returns>
    private static string? Check(PgpSignature signature, IReadOnlyList<SigningKey> issuers, ClearSignedDocument document, PackageSource source)
    {
        var signers = issuers.Where(issuer => SignatureMath.Verify(signature, issuer.Key, document.Signed)).ToList();
        if (signers.Count == 0)
        {
            // Only a key that could have signed says something by not having done so.
            return KeyPolicy.WhyUnusable(issuers[0], signature.CreationTime) ?? throw Bad(source, $"the signature of {issuers[0].Fingerprint} does not fit the text", null);
        }

        if (signers.Exists(KeyPolicy.IsRevoked))
        {
            return "was revoked";
        }

        // Of several copies, one may know of a longer life.
        var doubts = signers.Select(signer => KeyPolicy.WhyUnusable(signer, signature.CreationTime)).ToList();
        return doubts.Contains(null) ? null : doubts[0];
    }

    private static List<PgpSignature> ReadSignatures(byte[] armor)
    {
        var signatures = new List<PgpSignature>();
        try
        {
            var packets = new PgpObjectFactory(PgpUtilities.GetDecoderStream(new MemoryStream(armor)));
            while (packets.NextPgpObject() is { } packet)
            {
                var list = packet as PgpSignatureList ?? throw new FormatException("something else stands among its signatures");
                for (var i = 0; i < list.Count; i++)
                {
                    signatures.Add(signatures.Count < MaxSignatures ? list[i] : throw new FormatException($"it has more than {MaxSignatures} signatures"));
                }
            }
        }
        catch (Exception e) when (e is not (FormatException or OutOfMemoryException))
        {
            // BouncyCastle has many ways to fail at bytes that are no packets.
            throw new FormatException($"its signature is damaged ({OneLine.Of(e.Message, 120).TrimEnd('.')})", e);
        }

        return signatures.Count > 0 ? signatures : throw new FormatException("it has no signature");
    }

    private static MultiArchException Bad(PackageSource source, string why, Exception? cause) => new(
        DiagnosticCodes.BadSignature,
        $"What the archive shows as InRelease of '{source}' ({source.Origin}) was not used: {why}. A mirror may just be updating; if it stays, take another one.",
        cause);

    private static MultiArchException NotTrusted(PackageSource source, Keyring keyring, List<string> doubts)
    {
        var trusted = keyring.Names.Count > 0 ? $"Trusted for it: {string.Join(", ", keyring.Names.Take(4))}{(keyring.Names.Count > 4 ? ", …" : "")}." : "No keyring is trusted for it.";
        return new MultiArchException(
            DiagnosticCodes.NotSignedByTrustedKey,
            string.Join(' ', [
                $"The index of '{source}' ({source.Origin}) has no signature that counts: {string.Join("; ", doubts.Distinct())}.",
                trusted,
                .. keyring.Faults.Take(1),
                "If the archive has new keys, update the package with its keyring, or name a file with them in SignedBy.",
            ]));
    }
}

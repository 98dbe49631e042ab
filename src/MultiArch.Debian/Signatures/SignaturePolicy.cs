using System.Globalization;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace MultiArch.Debian.Signatures;

/// <summary>Whether a signature of an index counts, whoever made it.</summary>
internal static class SignaturePolicy
{
    private static readonly HashSet<SignatureSubpacketTag> Understood =
    [
        SignatureSubpacketTag.CreationTime, SignatureSubpacketTag.ExpireTime, SignatureSubpacketTag.IssuerKeyId, SignatureSubpacketTag.IssuerFingerprint,
        SignatureSubpacketTag.SignerUserId, SignatureSubpacketTag.PolicyUrl,
    ];

    /// <param name="now">Null when what has expired counts too.</param>
    /// <returns>The end of a sentence; null for one that counts.</returns>
    public static string? WhyUnusable(PgpSignature signature, DateTimeOffset? now)
    {
        if (signature.Version != 4 || signature.SignatureType != PgpSignature.CanonicalTextDocument || signature.GetHashedSubPackets() is not { } says)
        {
            return "made a signature of another kind than those of texts";
        }

        var end = says.GetSignatureExpirationTime() is > 0 and var lifetime ? signature.CreationTime.AddSeconds(lifetime) : DateTime.MaxValue;
        return SignatureMath.StrongHash(signature) is null ? $"signed with {signature.HashAlgorithm}, which does not count"
            : !says.HasSignatureCreationTime() ? "does not say when it signed"
            : says.ToArray().Any(packet => packet.IsCritical() && !Understood.Contains(packet.SubpacketType)) ? "made a signature that has to be understood in a way it is not here"
            : now is { } time && time.UtcDateTime > end ? $"made a signature that expired on {end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"
            : null;
    }
}

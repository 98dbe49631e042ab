using System.Globalization;
using Org.BouncyCastle.Bcpg.OpenPgp;
using Org.BouncyCastle.Bcpg.Sig;

namespace MultiArch.Debian.Signatures;

/// <summary>Whether a key counts: what its owner says of it, in signatures of its own, and how strong it is.</summary>
internal static class KeyPolicy
{
    private const int ShortestRsa = 2048; // bits; apt warns below it since 2.9

    /// <param name="time">When the key is said to have signed.</param>
    /// <returns>The end of a sentence; null for a key that counts.</returns>
    public static string? WhyUnusable(SigningKey key, DateTime time) =>
        WhyWeak(key.Key) ?? WhyWeak(key.Primary)
        ?? WhyUnusable(key.Primary, SelfSignature(key.Primary), time, mustSign: !key.IsSubkey)
        ?? (key.IsSubkey ? WhyUnusable(key.Key, Binding(key.Key, key.Primary), time, mustSign: true) : null);

    /// <summary>Whether the owner has taken the key back. Nobody else gains by saying so, so it is believed without a look at the signature.</summary>
    public static bool IsRevoked(SigningKey key) =>
        HasOwn(key.Primary, PgpSignature.KeyRevocation, key.Primary) || (key.IsSubkey && HasOwn(key.Key, PgpSignature.SubkeyRevocation, key.Primary));

    private static bool HasOwn(PgpPublicKey key, int type, PgpPublicKey owner) =>
        key.GetSignatures().Any(signature => signature.SignatureType == type && signature.KeyId == owner.KeyId);

    private static string? WhyWeak(PgpPublicKey key) =>
        SignatureMath.IsEd25519(key) ? null
        : key.Algorithm is not (Org.BouncyCastle.Bcpg.PublicKeyAlgorithmTag.RsaGeneral or Org.BouncyCastle.Bcpg.PublicKeyAlgorithmTag.RsaSign) ? $"is of a kind that is not supported ({key.Algorithm})"
        : key.BitStrength < ShortestRsa ? $"has {key.BitStrength} bits, and fewer than {ShortestRsa} do not count"
        : null;

    private static string? WhyUnusable(PgpPublicKey key, PgpSignature? statement, DateTime time, bool mustSign)
    {
        if (statement is null)
        {
            return "is bound to its owner by no signature with a strong hash";
        }

        var says = statement.GetHashedSubPackets();
        var lifetime = says.GetKeyExpirationTime(); // seconds; 0 for ever
        var end = lifetime > 0 ? key.CreationTime.AddSeconds(lifetime) : DateTime.MaxValue;
        // Old primary keys have no flags and may do all; a subkey has them, or could be one for encryption.
        var flags = says.GetKeyFlags();
        var mayLackFlags = key.IsMasterKey && !says.HasSubpacket(Org.BouncyCastle.Bcpg.SignatureSubpacketTag.KeyFlags);
        return time > end ? $"expired on {end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"
            : time < key.CreationTime ? "was made after what it signs"
            : mustSign && !mayLackFlags && (flags & KeyFlags.SignData) == 0 ? "is not made for signing"
            : null;
    }

    /// <summary>What the owner said last of the key itself.</summary>
    private static PgpSignature? SelfSignature(PgpPublicKey primary)
    {
        var body = Hashed(primary);
        var direct = primary.GetSignaturesOfType(PgpSignature.DirectKey)
            .Where(signature => signature.KeyId == primary.KeyId && SignatureMath.Verify(signature, primary, body));
        var certified =
            from id in primary.GetRawUserIds()
            from signature in primary.GetSignaturesForId(id) ?? []
            where signature.IsCertification() && signature.KeyId == primary.KeyId && SignatureMath.Verify(signature, primary, body, Hashed(id))
            select signature;
        return Newest(direct.Concat(certified));
    }

    /// <summary>What the owner said last of a subkey, with that key's own word that it belongs there.</summary>
    private static PgpSignature? Binding(PgpPublicKey subkey, PgpPublicKey primary)
    {
        var (owner, body) = (Hashed(primary), Hashed(subkey));
        return Newest(subkey.GetSignaturesOfType(PgpSignature.SubkeyBinding)
            .Where(binding => binding.KeyId == primary.KeyId
                && SignatureMath.Verify(binding, primary, owner, body)
                && ((binding.GetHashedSubPackets().GetKeyFlags() & KeyFlags.SignData) == 0 || HasBackSignature(binding, subkey, owner, body))));
    }

    /// <summary>Without it, somebody could call another's signing key a subkey of theirs.</summary>
    private static bool HasBackSignature(PgpSignature binding, PgpPublicKey subkey, byte[] owner, byte[] body) =>
        Embedded(binding).Any(signature => signature.SignatureType == PgpSignature.PrimaryKeyBinding && SignatureMath.Verify(signature, subkey, owner, body));

    private static IEnumerable<PgpSignature> Embedded(PgpSignature signature)
    {
        foreach (var packets in new[] { signature.GetHashedSubPackets(), signature.GetUnhashedSubPackets() })
        {
            var list = packets?.GetEmbeddedSignatures();
            for (var i = 0; i < (list?.Count ?? 0); i++)
            {
                yield return list![i];
            }
        }
    }

    private static PgpSignature? Newest(IEnumerable<PgpSignature> signatures) =>
        signatures.Where(signature => signature.GetHashedSubPackets() is not null).MaxBy(signature => signature.CreationTime);

    /// <summary>A key as signatures of it cover it: RFC 9580 §5.2.4.</summary>
    private static byte[] Hashed(PgpPublicKey key)
    {
        var body = key.PublicKeyPacket.GetEncodedContents();
        return [0x99, (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }

    private static byte[] Hashed(byte[] userId) =>
        [0xB4, (byte)(userId.Length >> 24), (byte)(userId.Length >> 16), (byte)(userId.Length >> 8), (byte)userId.Length, .. userId];
}

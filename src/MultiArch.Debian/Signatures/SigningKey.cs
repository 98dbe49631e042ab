using Org.BouncyCastle.Bcpg.OpenPgp;

namespace MultiArch.Debian.Signatures;

/// <summary>A key of a keyring that may have signed something: a primary key, or a subkey of one.</summary>
/// <param name="Primary">The key itself when it is one.</param>
/// <param name="Keyring">Where it stands, for messages.</param>
internal sealed record SigningKey(PgpPublicKey Key, PgpPublicKey Primary, string Keyring)
{
    public bool IsSubkey => !ReferenceEquals(Key, Primary);

    /// <summary>Upper case.</summary>
    public string Fingerprint { get; } = Convert.ToHexString(Key.GetFingerprint());

    public string PrimaryFingerprint { get; } = Convert.ToHexString(Primary.GetFingerprint());

    /// <summary>Whether a signature says that it is by this key.</summary>
    public bool IsIssuerOf(PgpSignature signature) =>
        signature.GetHashedSubPackets()?.GetIssuerFingerprint() is { } issuer
            ? issuer.GetFingerprint().AsSpan().SequenceEqual(Key.GetFingerprint())
            : signature.KeyId == Key.KeyId;

    /// <param name="fingerprint">As in <see cref="Sources.SignedBy.Fingerprints"/>.</param>
    public bool IsNamedBy(string fingerprint) =>
        fingerprint.EndsWith('!') ? Fingerprint == fingerprint[..^1] : Fingerprint == fingerprint || PrimaryFingerprint == fingerprint;
}

using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.Sig;

namespace MultiArch.Testing.Archives;

/// <summary>How a key is made; as it stands, one that everybody accepts.</summary>
public sealed record ArchiveKeyOptions
{
    public string UserId { get; init; } = "Archive of a test <archive@example.org>";

    /// <summary>RSA otherwise.</summary>
    public bool IsEd25519 { get; init; }

    /// <summary>Of what signs.</summary>
    public int RsaBits { get; init; } = 2048;

    /// <summary>Whether a subkey signs, as those of Debian do.</summary>
    public bool HasSubkey { get; init; } = true;

    /// <summary>Whether the subkey says itself whose it is.</summary>
    public bool HasBackSignature { get; init; } = true;

    public DateTime Created { get; init; } = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Null: for ever.</summary>
    public TimeSpan? Lifetime { get; init; }

    public bool IsRevoked { get; init; }

    /// <summary>What the key that signs is said to be made for.</summary>
    public int Flags { get; init; } = KeyFlags.SignData;

    /// <summary>Of what the key says of itself.</summary>
    public HashAlgorithmTag SelfSignatureHash { get; init; } = HashAlgorithmTag.Sha512;
}

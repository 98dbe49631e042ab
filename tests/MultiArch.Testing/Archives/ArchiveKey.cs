using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using Org.BouncyCastle.Bcpg.Sig;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace MultiArch.Testing.Archives;

/// <summary>An OpenPGP key that signs the index of a test's archive, and is as bad as the test wants it.</summary>
public sealed class ArchiveKey
{
    private static readonly Lazy<ArchiveKey> Shared = new(() => new ArchiveKey(new ArchiveKeyOptions()));

    private readonly PgpKeyPair _signer;
    private readonly PgpPublicKeyRing _ring;

    public ArchiveKey(ArchiveKeyOptions options)
    {
        var primary = Generate(options, isPrimary: true);
        var ring = new PgpKeyRingGenerator(
            PgpSignature.PositiveCertification, primary, options.UserId, SymmetricKeyAlgorithmTag.Null, options.SelfSignatureHash, true, [], false,
            Statement(options, options.HasSubkey ? KeyFlags.CertifyOther : options.Flags), null, new SecureRandom());
        _signer = primary;
        if (options.HasSubkey)
        {
            _signer = Generate(options, isPrimary: false);
            if (options.HasBackSignature)
            {
                ring.AddSubKey(_signer, Statement(options, options.Flags), null, options.SelfSignatureHash, options.SelfSignatureHash);
            }
            else
            {
                ring.AddSubKey(_signer, Statement(options, options.Flags), null, options.SelfSignatureHash);
            }
        }

        _ring = options.IsRevoked ? Revoke(ring.GeneratePublicKeyRing(), primary) : ring.GeneratePublicKeyRing();
    }

    /// <summary>One for all tests that do not care: making a key takes time.</summary>
    public static ArchiveKey Default => Shared.Value;

    /// <summary>Binary, as <c>gpg --export</c> writes it.</summary>
    public byte[] PublicKey => _ring.GetEncoded();

    /// <summary>As <c>gpg --export --armor</c> writes it.</summary>
    public string ArmoredPublicKey => Armor(stream => _ring.Encode(stream), PublicKeyBlock);

    /// <summary>Of the primary key, in upper case.</summary>
    public string Fingerprint => Convert.ToHexString(_ring.GetPublicKey().GetFingerprint());

    /// <summary>Of what signs: the subkey, if there is one.</summary>
    public string SignerFingerprint => Convert.ToHexString(_signer.PublicKey.GetFingerprint());

    private static string PublicKeyBlock => "PGP PUBLIC KEY BLOCK";

    /// <summary>A clear-signed document with a signature of each key, in one block.</summary>
    public static string ClearSign(string text, IEnumerable<ArchiveKey> keys, HashAlgorithmTag hash = HashAlgorithmTag.Sha256, DateTime? time = null, long lifetime = 0)
    {
        var lines = text.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd(' ', '\t')).ToList();
        var signed = Encoding.UTF8.GetBytes(string.Join("\r\n", lines));
        var signatures = keys.Select(key => key.Sign(signed, hash, time ?? DateTime.UtcNow, lifetime)).ToList();
        var armor = Armor(stream => signatures.ForEach(signature => signature.Encode(stream)), "PGP SIGNATURE");
        var escaped = string.Concat(lines.Select(line => (line.StartsWith('-') ? "- " + line : line) + "\n"));
        return $"-----BEGIN PGP SIGNED MESSAGE-----\nHash: {hash.ToString().ToUpperInvariant()}\n\n{escaped}{armor}";
    }

    private PgpSignature Sign(byte[] content, HashAlgorithmTag hash, DateTime time, long lifetime)
    {
        var generator = new PgpSignatureGenerator(_signer.PublicKey.Algorithm, hash);
        generator.InitSign(PgpSignature.CanonicalTextDocument, _signer.PrivateKey);
        var says = new PgpSignatureSubpacketGenerator();
        says.SetSignatureCreationTime(false, time);
        says.SetIssuerFingerprint(false, _signer.PublicKey);
        if (lifetime > 0)
        {
            says.SetSignatureExpirationTime(false, lifetime);
        }

        generator.SetHashedSubpackets(says.Generate());
        generator.Update(content);
        return generator.Generate();
    }

    private static PgpPublicKeyRing Revoke(PgpPublicKeyRing ring, PgpKeyPair primary)
    {
        var generator = new PgpSignatureGenerator(primary.PublicKey.Algorithm, HashAlgorithmTag.Sha256);
        generator.InitSign(PgpSignature.KeyRevocation, primary.PrivateKey);
        var revoked = PgpPublicKey.AddCertification(ring.GetPublicKey(), generator.GenerateCertification(ring.GetPublicKey()));
        return PgpPublicKeyRing.InsertPublicKey(ring, revoked);
    }

    private static PgpSignatureSubpacketVector Statement(ArchiveKeyOptions options, int flags)
    {
        var says = new PgpSignatureSubpacketGenerator();
        says.SetSignatureCreationTime(false, options.Created);
        says.SetKeyFlags(true, flags);
        if (options.Lifetime is { } lifetime)
        {
            says.SetKeyExpirationTime(true, (long)lifetime.TotalSeconds);
        }

        return says.Generate();
    }

    private static PgpKeyPair Generate(ArchiveKeyOptions options, bool isPrimary)
    {
        if (options.IsEd25519)
        {
            var generator = new Ed25519KeyPairGenerator();
            generator.Init(new Ed25519KeyGenerationParameters(new SecureRandom()));
            return new PgpKeyPair(PublicKeyAlgorithmTag.EdDsa_Legacy, generator.GenerateKeyPair(), options.Created);
        }

        // .NET finds primes ten times as fast as BouncyCastle.
        using var rsa = RSA.Create(isPrimary ? Math.Max(2048, options.RsaBits) : options.RsaBits);
        AsymmetricCipherKeyPair pair = DotNetUtilities.GetRsaKeyPair(rsa.ExportParameters(includePrivateParameters: true));
        return new PgpKeyPair(PublicKeyAlgorithmTag.RsaGeneral, pair, options.Created);
    }

    private static string Armor(Action<Stream> write, string type)
    {
        using var content = new MemoryStream();
        write(content);
        var text = Convert.ToBase64String(content.ToArray(), Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\n");
        return $"-----BEGIN {type}-----\n\n{text}\n={Convert.ToBase64String(Checksum(content.ToArray()))}\n-----END {type}-----\n";
    }

    /// <summary>CRC-24 of RFC 4880 §6.1.</summary>
    private static byte[] Checksum(byte[] bytes)
    {
        var crc = 0xB704CE;
        foreach (var value in bytes)
        {
            crc ^= value << 16;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x800000) != 0 ? (crc << 1) ^ 0x1864CFB : crc << 1;
            }
        }

        return [(byte)(crc >> 16), (byte)(crc >> 8), (byte)crc];
    }
}

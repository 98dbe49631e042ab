using System.Security.Cryptography;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace MultiArch.Debian.Signatures;

/// <summary>Whether a signature fits a key and what was signed, whatever the policy thinks of both.</summary>
/// <remarks>
/// RSA is .NET's: BouncyCastle 2.7 tests the modulus for primes each time that a key is used, which takes half a second for 4096 bits.
/// Ed25519 is BouncyCastle's, since .NET 10 has none.
/// </remarks>
internal static class SignatureMath
{
    private const string Ed25519Curve = "1.3.6.1.4.1.11591.15.1";
    private const byte NativePoint = 0x40; // RFC 9580 §9.2.1: what stands before a point in the curve's own form.

    /// <returns>Null for one that is broken, or that is not known.</returns>
    public static HashAlgorithmName? StrongHash(PgpSignature signature) => signature.HashAlgorithm switch
    {
        HashAlgorithmTag.Sha256 => HashAlgorithmName.SHA256,
        HashAlgorithmTag.Sha384 => HashAlgorithmName.SHA384,
        HashAlgorithmTag.Sha512 => HashAlgorithmName.SHA512,
        _ => null,
    };

    public static bool IsEd25519(PgpPublicKey key) => key.Algorithm is PublicKeyAlgorithmTag.EdDsa_Legacy
        && key.PublicKeyPacket.Key is EdDsaPublicBcpgKey { CurveOid.Id: Ed25519Curve };

    /// <param name="content">What was signed, in parts, without what the signature adds.</param>
    public static bool Verify(PgpSignature signature, PgpPublicKey key, params IEnumerable<byte[]> content)
    {
        if (StrongHash(signature) is not { } name || signature.KeyAlgorithm != key.Algorithm)
        {
            return false;
        }

        using var hash = IncrementalHash.CreateHash(name);
        foreach (var part in content)
        {
            hash.AppendData(part);
        }

        hash.AppendData(signature.GetSignatureTrailer());
        var digest = hash.GetHashAndReset();
        return key.PublicKeyPacket.Key switch
        {
            RsaPublicBcpgKey rsa when key.Algorithm is PublicKeyAlgorithmTag.RsaGeneral or PublicKeyAlgorithmTag.RsaSign => VerifyRsa(signature, rsa, digest, name),
            EdDsaPublicBcpgKey ed when IsEd25519(key) => VerifyEd25519(signature, ed, digest),
            _ => false,
        };
    }

    private static bool VerifyRsa(PgpSignature signature, RsaPublicBcpgKey key, byte[] digest, HashAlgorithmName name)
    {
        var modulus = key.Modulus.ToByteArrayUnsigned();
        var value = signature.GetSignature();
        if (value.Length > modulus.Length)
        {
            return false;
        }

        // OpenPGP drops zeros at the start; RSA wants the length of the modulus.
        var padded = new byte[modulus.Length];
        value.CopyTo(padded, modulus.Length - value.Length);
        try
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = key.PublicExponent.ToByteArrayUnsigned() });
            return rsa.VerifyHash(digest, padded, name, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false; // A key that is none.
        }
    }

    private static bool VerifyEd25519(PgpSignature signature, EdDsaPublicBcpgKey key, byte[] digest)
    {
        var point = key.EncodedPoint.ToByteArrayUnsigned();
        var value = signature.GetSignature();
        return point.Length == 1 + Ed25519.PublicKeySize
            && point[0] == NativePoint
            && value.Length == Ed25519.SignatureSize
            && Ed25519.Verify(value, 0, point, 1, digest, 0, digest.Length);
    }
}

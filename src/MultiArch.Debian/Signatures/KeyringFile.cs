using System.Text;
using MultiArch.Oci;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace MultiArch.Debian.Signatures;

/// <summary>Reads public keys: binary or armored, one or many.</summary>
internal static class KeyringFile
{
    private const string BlockStart = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
    private const string BlockEnd = "-----END PGP PUBLIC KEY BLOCK-----";

    /// <param name="name">For messages: the file, and whose.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.KeyringUnusable"/>.</exception>
    public static IReadOnlyList<SigningKey> Read(byte[] bytes, string name)
    {
        if (IsKeybox(bytes))
        {
            throw Unusable(name, "is GnuPG's keybox (.kbx), which is not supported", null);
        }

        try
        {
            var keys = Blocks(bytes).SelectMany(block => ReadKeys(block, name)).ToList();
            return keys.Count > 0 ? keys : throw Unusable(name, "holds no key of OpenPGP 4; others are not supported", null);
        }
        catch (Exception e) when (e is not (MultiArchException or OutOfMemoryException))
        {
            // BouncyCastle has many ways to fail at bytes that are no keys.
            throw Unusable(name, $"is damaged, or is no keyring: {OneLine.Of(e.Message, 120).TrimEnd('.')}", e);
        }
    }

    /// <summary>https://github.com/gpg/gnupg/blob/gnupg-2.4.7/kbx/keybox-blob.c: length, type and version, then its name.</summary>
    private static bool IsKeybox(byte[] bytes) => bytes.AsSpan().StartsWith("\0\0\0"u8) && bytes.Length >= 12 && bytes.AsSpan(8, 4).SequenceEqual("KBXf"u8);

    private static IEnumerable<Stream> Blocks(byte[] bytes)
    {
        if (!bytes.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("-----"u8) && bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(BlockStart)) < 0)
        {
            yield return new MemoryStream(bytes);
            yield break;
        }

        var text = Encoding.Latin1.GetString(bytes);
        for (var start = text.IndexOf(BlockStart, StringComparison.Ordinal); start >= 0;)
        {
            var end = text.IndexOf(BlockEnd, start, StringComparison.Ordinal);
            end = end >= 0 ? end + BlockEnd.Length : throw new FormatException("An armored key has no end");
            yield return PgpUtilities.GetDecoderStream(new MemoryStream(Encoding.Latin1.GetBytes(text[start..end] + "\n")));
            start = text.IndexOf(BlockStart, end, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<SigningKey> ReadKeys(Stream stream, string name)
    {
        var packets = new PgpObjectFactory(stream);
        while (packets.NextPgpObject() is { } packet)
        {
            foreach (var key in (packet as PgpPublicKeyRing)?.GetPublicKeys() ?? [])
            {
                if (key.Version == 4)
                {
                    yield return new SigningKey(key, ((PgpPublicKeyRing)packet).GetPublicKey(), name);
                }
            }
        }
    }

    private static MultiArchException Unusable(string name, string why, Exception? cause) => new(
        DiagnosticCodes.KeyringUnusable,
        $"The keyring {OneLine.Of(name)} {why}. Write the archive's key into a file with 'gpg --export', and name that.",
        cause);
}

using System.Text;
using MultiArch.Debian.Signatures;
using MultiArch.Oci;
using MultiArch.Testing;
using MultiArch.Testing.Archives;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.Sig;

namespace MultiArch.Debian.Tests.Signatures;

[TestClass]
public sealed class InReleaseVerifierTests
{
    private static readonly DateTime Signed = new(2026, 1, 10, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [TestMethod]
    [DataRow(HashAlgorithmTag.Sha256)]
    [DataRow(HashAlgorithmTag.Sha384)]
    [DataRow(HashAlgorithmTag.Sha512)]
    public void What_a_trusted_key_signed_is_handed_out(HashAlgorithmTag hash)
    {
        Assert.AreEqual(Sample.Text.Replace("end   ", "end", StringComparison.Ordinal), Verify(Sign(hash: hash), ArchiveKey.Default));
    }

    [TestMethod]
    [DataRow(true, true)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(false, false)]
    public void Both_kinds_of_keys_count_with_and_without_a_subkey(bool isEd25519, bool hasSubkey)
    {
        var key = new ArchiveKey(new ArchiveKeyOptions { IsEd25519 = isEd25519, HasSubkey = hasSubkey });

        for (var i = 0; i < 20; i++)
        {
            StringAssert.StartsWith(Verify(Sign(key: key, text: $"{Sample.Text}{i}\n"), key), "Origin: Test");
        }
    }

    [TestMethod]
    public void A_changed_text_is_refused_wherever_it_is_changed()
    {
        var document = Sign();
        foreach (var (from, to) in new[] { ("Origin: Test", "Origin: Tesu"), ("a text", "a  text"), ("Suite", "\nSuite"), ("- - a dash", "- a dash"), ("end\n", "end\nmore\n") })
        {
            Assert.Contains(from, document);
            Refuses(document.Replace(from, to, StringComparison.Ordinal), DiagnosticCodes.BadSignature, "does not fit the text", ArchiveKey.Default);
        }
    }

    [TestMethod]
    [DataRow("Origin: Evil\n", "", "it does not begin as a signed text")]
    [DataRow("\n", "", "it does not begin as a signed text")]
    [DataRow("", "\nOrigin: Evil\n", "text stands behind its signature")]
    public void Text_around_what_was_signed_is_refused(string before, string behind, string reason)
    {
        Refuses(before + Sign() + behind, DiagnosticCodes.BadSignature, reason, ArchiveKey.Default);
    }

    [TestMethod]
    public void What_could_be_read_in_two_ways_is_refused()
    {
        var document = Sign();
        Refuses(document.Replace("- -----BEGIN nothing", "-----BEGIN nothing", StringComparison.Ordinal), DiagnosticCodes.BadSignature, "a dash that is not escaped", ArchiveKey.Default);
        Refuses(document.Replace("Hash: ", "NotDashEscaped: ", StringComparison.Ordinal), DiagnosticCodes.BadSignature, "another header than Hash", ArchiveKey.Default);
        Refuses(document + document, DiagnosticCodes.BadSignature, "text stands behind its signature", ArchiveKey.Default);
        Refuses(document[..document.IndexOf("-----BEGIN PGP SIGNATURE", StringComparison.Ordinal)], DiagnosticCodes.BadSignature, "it has no signature", ArchiveKey.Default);
        Refuses(document[..^30], DiagnosticCodes.BadSignature, "its signature has no end", ArchiveKey.Default);
        Refuses("<html>A portal's page</html>", DiagnosticCodes.BadSignature, "it does not begin as a signed text", ArchiveKey.Default);
    }

    [TestMethod]
    public void A_signature_of_an_unknown_key_is_named()
    {
        var other = new ArchiveKey(new ArchiveKeyOptions());

        Refuses(Sign(key: other), DiagnosticCodes.NotSignedByTrustedKey, $"the key {other.SignerFingerprint[^16..]} is not trusted. Trusted for it: /keys.gpg.", ArchiveKey.Default);
    }

    [TestMethod]
    public void One_good_signature_is_enough_and_a_bad_one_is_too_much()
    {
        var other = new ArchiveKey(new ArchiveKeyOptions { IsEd25519 = true });
        var both = ArchiveKey.ClearSign(Sample.Text, [other, ArchiveKey.Default], HashAlgorithmTag.Sha256, Signed);
        var mixed = WithSignaturesOf(Sample.Text, ArchiveKey.ClearSign(Sample.Text, [ArchiveKey.Default], HashAlgorithmTag.Sha256, Signed), ArchiveKey.ClearSign("Origin: Evil\n", [other], HashAlgorithmTag.Sha256, Signed));

        Verify(both, ArchiveKey.Default);
        Verify(both, ArchiveKey.Default, other);
        Verify(mixed, ArchiveKey.Default);
        Refuses(mixed, DiagnosticCodes.BadSignature, $"the signature of {other.SignerFingerprint} does not fit the text", ArchiveKey.Default, other);
    }

    [TestMethod]
    public void A_key_that_had_expired_does_not_count()
    {
        var key = new ArchiveKey(new ArchiveKeyOptions { Created = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc), Lifetime = TimeSpan.FromDays(366) });

        Refuses(Sign(key: key), DiagnosticCodes.NotSignedByTrustedKey, $"the key {key.SignerFingerprint} expired on 2025-01-01", key);
        Verify(ArchiveKey.ClearSign(Sample.Text, [key], HashAlgorithmTag.Sha256, new DateTime(2024, 12, 31, 0, 0, 0, DateTimeKind.Utc)), key);
    }

    [TestMethod]
    public void A_key_that_is_younger_than_its_signature_does_not_count()
    {
        var key = new ArchiveKey(new ArchiveKeyOptions { Created = new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc) });

        Refuses(Sign(key: key), DiagnosticCodes.NotSignedByTrustedKey, "was made after what it signs", key);
    }

    [TestMethod]
    public void A_revoked_key_does_not_count()
    {
        var key = new ArchiveKey(new ArchiveKeyOptions { IsRevoked = true });

        Refuses(Sign(key: key), DiagnosticCodes.NotSignedByTrustedKey, $"the key {key.SignerFingerprint} was revoked", key);
    }

    [TestMethod]
    public void A_short_key_does_not_count()
    {
        var key = new ArchiveKey(new ArchiveKeyOptions { RsaBits = 1024 });

        Refuses(Sign(key: key), DiagnosticCodes.NotSignedByTrustedKey, "has 1024 bits, and fewer than 2048 do not count", key);
    }

    [TestMethod]
    [DataRow(HashAlgorithmTag.Sha1, true)]
    [DataRow(HashAlgorithmTag.RipeMD160, true)]
    [DataRow(HashAlgorithmTag.MD5, true)]
    public void A_broken_hash_does_not_count(HashAlgorithmTag hash, bool hasSubkey)
    {
        var key = new ArchiveKey(new ArchiveKeyOptions { SelfSignatureHash = hash, HasSubkey = hasSubkey });

        Refuses(Sign(hash: hash), DiagnosticCodes.NotSignedByTrustedKey, "which does not count", ArchiveKey.Default);
        Refuses(Sign(key: key), DiagnosticCodes.NotSignedByTrustedKey, "is bound to its owner by no signature with a strong hash", key);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_key_that_is_made_for_something_else_does_not_count(bool hasSubkey)
    {
        var key = new ArchiveKey(new ArchiveKeyOptions { Flags = KeyFlags.EncryptStorage, HasSubkey = hasSubkey });

        Refuses(Sign(key: key), DiagnosticCodes.NotSignedByTrustedKey, "is not made for signing", key);
    }

    [TestMethod]
    public void A_subkey_that_does_not_say_whose_it_is_does_not_count()
    {
        var key = new ArchiveKey(new ArchiveKeyOptions { HasBackSignature = false });

        Refuses(Sign(key: key), DiagnosticCodes.NotSignedByTrustedKey, "is bound to its owner by no signature", key);
    }

    [TestMethod]
    public void A_signature_counts_as_long_as_it_says()
    {
        var document = ArchiveKey.ClearSign(Sample.Text, [ArchiveKey.Default], HashAlgorithmTag.Sha256, Signed, lifetime: 7 * 24 * 3600);

        Refuses(document, DiagnosticCodes.NotSignedByTrustedKey, "a signature that expired on 2026-01-17", ArchiveKey.Default);
        InReleaseVerifier.Verify(Encoding.UTF8.GetBytes(document), Sample.Keyring(ArchiveKey.Default), Sample.Source, now: null);
    }

    [TestMethod]
    public async Task What_gpg_signs_is_handed_out()
    {
        Tool.Require("gpg");
        using var home = new TempDirectory();
        home.Write("text", Sample.Text);
        await Gpg(home, "--quick-gen-key", "--passphrase", "", "Archive <a@example.org>", "rsa2048", "sign", "never");
        await Gpg(home, "--digest-algo", "SHA512", "--clearsign", "--output", home["InRelease"], home["text"]);
        await Gpg(home, "--armor", "--output", home["key.asc"], "--export");

        var keyring = new Keyring(KeyringFile.Read(await File.ReadAllBytesAsync(home["key.asc"]), "key.asc"), ["key.asc"], []);

        StringAssert.Contains(InReleaseVerifier.Verify(await File.ReadAllBytesAsync(home["InRelease"]), keyring, Sample.Source, now: null), "-----BEGIN nothing-----\n");
    }

    [TestMethod]
    public async Task What_is_signed_here_gpgv_takes_for_good()
    {
        Tool.Require("gpgv");
        using var folder = new TempDirectory();
        await File.WriteAllBytesAsync(folder["key.gpg"], ArchiveKey.Default.PublicKey);

        (await new CommandLine("gpgv", "--keyring", folder["key.gpg"], folder.Write("InRelease", Sign())).RunAsync()).ShouldSucceed();
    }

    private static async Task Gpg(TempDirectory home, params IEnumerable<string> arguments) =>
        (await new CommandLine("gpg", ["--homedir", home.Path, "--batch", "--yes", "--pinentry-mode", "loopback", .. arguments]).RunAsync()).ShouldSucceed();

    private static string Sign(ArchiveKey? key = null, HashAlgorithmTag hash = HashAlgorithmTag.Sha256, string text = Sample.Text) =>
        ArchiveKey.ClearSign(text, [key ?? ArchiveKey.Default], hash, Signed);

    private static string Verify(string document, params IEnumerable<ArchiveKey> trusted) =>
        InReleaseVerifier.Verify(Encoding.UTF8.GetBytes(document), Sample.Keyring(trusted), Sample.Source, Now);

    private static void Refuses(string document, string code, string reason, params IEnumerable<ArchiveKey> trusted)
    {
        var refusal = Assert.ThrowsExactly<MultiArchException>(() => Verify(document, trusted));
        Assert.AreEqual(code, refusal.Code, refusal.Message);
        StringAssert.Contains(refusal.Message, reason);
        Assert.DoesNotContain("\n", refusal.Message);
    }

    /// <summary>One text with the signature packets of two documents in one block.</summary>
    private static string WithSignaturesOf(string text, params IReadOnlyList<string> documents)
    {
        const string start = "-----BEGIN PGP SIGNATURE-----\n\n";
        var packets = documents.SelectMany(document =>
        {
            var armor = document[(document.IndexOf(start, StringComparison.Ordinal) + start.Length)..];
            return Convert.FromBase64String(armor[..armor.IndexOf("\n=", StringComparison.Ordinal)]);
        }).ToArray();
        var framed = documents[0][..(documents[0].IndexOf(start, StringComparison.Ordinal) + start.Length)];
        Assert.Contains(text.Split('\n')[0], framed);
        return $"{framed}{Convert.ToBase64String(packets, Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\n")}\n-----END PGP SIGNATURE-----\n";
    }
}

using System.Text;
using MultiArch.Debian.Signatures;
using MultiArch.Debian.Sources;
using MultiArch.Oci;
using MultiArch.Testing;
using MultiArch.Testing.Archives;

namespace MultiArch.Debian.Tests.Signatures;

[TestClass]
public sealed class KeyringsTests
{
    private static readonly Lazy<ArchiveKey> Other = new(() => new ArchiveKey(new ArchiveKeyOptions { IsEd25519 = true }));

    [TestMethod]
    public void Without_SignedBy_all_of_trusted_gpg_d_and_trusted_gpg_count()
    {
        using var root = new TempDirectory();
        root.Write("etc/apt/trusted.gpg.d/a.asc", ArchiveKey.Default.ArmoredPublicKey);
        root.Write("etc/apt/trusted.gpg.d/b.txt", "no keyring");
        root.Write("etc/apt/trusted.gpg.d/empty.gpg", "");
        File.WriteAllBytes(root["etc/apt/trusted.gpg"], Other.Value.PublicKey);

        var keyring = Keyrings(root).For(Sample.Source);

        CollectionAssert.AreEquivalent(new[] { ArchiveKey.Default.Fingerprint, Other.Value.Fingerprint }, Owners(keyring));
    }

    [TestMethod]
    public void A_damaged_keyring_is_told_when_no_other_has_the_key()
    {
        using var root = new TempDirectory();
        root.Write("etc/apt/trusted.gpg.d/a.asc", ArchiveKey.Default.ArmoredPublicKey);
        root.Write("etc/apt/trusted.gpg.d/b.asc", ArchiveKey.Default.ArmoredPublicKey[..200]);
        var document = Encoding.UTF8.GetBytes(ArchiveKey.ClearSign(Sample.Text, [Other.Value]));

        var keyring = Keyrings(root).For(Sample.Source);
        var failure = Assert.ThrowsExactly<MultiArchException>(() => InReleaseVerifier.Verify(document, keyring, Sample.Source, now: null));

        Assert.AreEqual(DiagnosticCodes.NotSignedByTrustedKey, failure.Code);
        StringAssert.Contains(failure.Message, "The keyring '/etc/apt/trusted.gpg.d/b.asc' of a test is damaged");
    }

    [TestMethod]
    public void SignedBy_names_files_fingerprints_or_the_key_itself()
    {
        using var root = new TempDirectory();
        root.Write("etc/apt/trusted.gpg.d/a.asc", ArchiveKey.Default.ArmoredPublicKey + "\n" + Other.Value.ArmoredPublicKey);
        root.Write("usr/share/keyrings/b.asc", Other.Value.ArmoredPublicKey);
        var keyrings = Keyrings(root);

        CollectionAssert.AreEquivalent(new[] { Other.Value.Fingerprint }, Owners(keyrings.For(By(new SignedBy(["/usr/share/keyrings/b.asc"], [], null)))));
        CollectionAssert.AreEquivalent(new[] { ArchiveKey.Default.Fingerprint }, Owners(keyrings.For(By(new SignedBy([], [ArchiveKey.Default.Fingerprint], null)))));
        CollectionAssert.AreEquivalent(new[] { Other.Value.Fingerprint }, Owners(keyrings.For(By(new SignedBy([], [], Other.Value.ArmoredPublicKey)))));
        Assert.AreEqual(ArchiveKey.Default.SignerFingerprint, keyrings.For(By(new SignedBy([], [ArchiveKey.Default.SignerFingerprint + "!"], null))).Keys.Single().Fingerprint);
        Assert.IsEmpty(keyrings.For(By(new SignedBy(["/usr/share/keyrings/b.asc"], [ArchiveKey.Default.Fingerprint], null))).Keys);
    }

    [TestMethod]
    public void A_keyring_that_is_named_and_not_there_stops()
    {
        using var root = new TempDirectory();

        var failure = Assert.ThrowsExactly<MultiArchException>(() => Keyrings(root).For(By(new SignedBy(["/usr/share/keyrings/b.gpg"], [], null))));

        Assert.AreEqual(DiagnosticCodes.KeyringUnusable, failure.Code);
        StringAssert.Contains(failure.Message, "'/usr/share/keyrings/b.gpg', which the source 'deb http://archive.test/debian test main' of an item of a test names, is not on a test.");
    }

    [TestMethod]
    public async Task GnuPGs_keybox_is_named_and_not_read()
    {
        Tool.Require("gpg");
        using var root = new TempDirectory();
        root.Write("a.asc", ArchiveKey.Default.ArmoredPublicKey);
        (await new CommandLine("gpg", "--homedir", root.Path, "--batch", "--no-default-keyring", "--keyring", root["ring.kbx"], "--import", root["a.asc"]).RunAsync()).ShouldSucceed();

        var failure = Assert.ThrowsExactly<MultiArchException>(() => Keyrings(root).For(By(new SignedBy(["/ring.kbx"], [], null))));

        Assert.AreEqual(DiagnosticCodes.KeyringUnusable, failure.Code);
        StringAssert.Contains(failure.Message, "The keyring '/ring.kbx' of a test is GnuPG's keybox (.kbx), which is not supported.");
    }

    [TestMethod]
    [DataRow("<html></html>")]
    [DataRow("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nbm8=\n-----END PGP PUBLIC KEY BLOCK-----\n")]
    [DataRow("-----BEGIN PGP PUBLIC KEY BLOCK-----\n")]
    public void What_is_no_keyring_is_named(string content)
    {
        var failure = Assert.ThrowsExactly<MultiArchException>(() => KeyringFile.Read(Encoding.UTF8.GetBytes(content), "'/a.gpg' of a test"));

        Assert.AreEqual(DiagnosticCodes.KeyringUnusable, failure.Code);
        StringAssert.StartsWith(failure.Message, "The keyring '/a.gpg' of a test ");
    }

    private static Keyrings Keyrings(TempDirectory root) => new(new HostRootFiles(root.Path), "a test");

    private static PackageSource By(SignedBy signedBy) => Sample.Source with { SignedBy = signedBy };

    private static string[] Owners(Keyring keyring) => [.. keyring.Keys.Select(key => key.PrimaryFingerprint).Distinct()];
}

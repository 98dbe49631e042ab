using MultiArch.Debian.Control;

namespace MultiArch.Debian.Tests.Control;

[TestClass]
public sealed class BinaryPackageTests
{
    private const string Stanza = """
        Package: libssl3t64
        Source: openssl
        Version: 3.5.1-1
        Architecture: arm64
        Multi-Arch: same
        Essential: yes
        Priority: optional
        Installed-Size: 7000
        Pre-Depends: libc6 (>= 2.38)
        Depends: libzstd1 (>= 1.5.5),
         zlib1g (>= 1:1.1.4) | zlib,
        Provides: libssl3 (= 3.5.1-1), crypto
        Conflicts: old:any (<< 1)
        Breaks: libssl3 (<< 3.5)
        Replaces: libssl3
        Filename: pool/main/o/openssl/libssl3t64_3.5.1-1_arm64.deb
        Size: 2000000
        SHA256: E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855
        Description: text
         of several lines
         .
        """;

    [TestMethod]
    public void A_stanza_says_all_of_a_package()
    {
        var package = Read(Stanza);

        Assert.AreEqual("libssl3t64 3.5.1-1", package.ToString());
        Assert.AreEqual("arm64", package.Architecture);
        Assert.AreEqual("same", package.MultiArch);
        Assert.IsTrue(package.IsEssential);
        Assert.AreEqual("optional", package.Priority);
        Assert.AreEqual(7000, package.InstalledSize);
        Assert.AreEqual("libc6 (>= 2.38)", string.Join(", ", package.PreDepends));
        Assert.AreEqual("libzstd1 (>= 1.5.5), zlib1g (>= 1:1.1.4) | zlib", string.Join(", ", package.Depends));
        Assert.AreEqual("libssl3 3.5.1-1, crypto ", string.Join(", ", package.Provides.Select(provision => $"{provision.Name} {provision.Version}")));
        Assert.AreEqual("old:any (<< 1)", string.Join(", ", package.Conflicts));
        Assert.AreEqual("libssl3 (<< 3.5)", string.Join(", ", package.Breaks));
        Assert.AreEqual("libssl3", string.Join(", ", package.Replaces));
        Assert.AreEqual("pool/main/o/openssl/libssl3t64_3.5.1-1_arm64.deb", package.Filename);
        Assert.AreEqual(2_000_000, package.Size);
        Assert.AreEqual("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", package.Sha256?.ToString());
    }

    [TestMethod]
    [DataRow("Package: libssl3t64", "Package:", "has no Package")]
    [DataRow("Version: 3.5.1-1", "X: 1", "'libssl3t64' has no Version")]
    [DataRow("Version: 3.5.1-1", "Version: 1_2", "Version of the package 'libssl3t64'")]
    [DataRow("Architecture: arm64", "X: 1", "'libssl3t64' has no Architecture")]
    [DataRow("Size: 2000000", "Size: -1", "Size of the package 'libssl3t64'")]
    [DataRow("Size: 2000000", "Size: 99999999999999999999", "Size of the package 'libssl3t64'")]
    [DataRow("Installed-Size: 7000", "Installed-Size: 7k", "Installed-Size of the package")]
    [DataRow("SHA256: E3", "SHA256: XX", "no SHA-256")]
    [DataRow("Depends: libzstd1", "Depends: lib zstd1", "Depends of the package 'libssl3t64': 'lib zstd1 (>= 1.5.5)' names no package")]
    [DataRow("Provides: libssl3 (= 3", "Provides: libssl3 (>= 3", "Provides of the package 'libssl3t64'")]
    public void A_field_that_is_not_what_it_should_be_is_named(string field, string instead, string why) =>
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => Read(Stanza.Replace(field, instead, StringComparison.Ordinal))).Message, why);

    [TestMethod]
    public void Of_what_is_installed_the_needs_are_not_looked_at()
    {
        var package = BinaryPackage.FromInstalled(ControlParagraph.ParseAll("Package: own\nVersion: 1\nDepends: ${shlibs:Depends}\nSize: unknown\nProvides: thing").Single());

        Assert.AreEqual("own 1", package.ToString());
        Assert.AreEqual("all", package.Architecture);
        Assert.AreEqual("thing", package.Provides.Single().Name);
    }

    [TestMethod]
    [DataRow("libssl3t64", true)]
    [DataRow("libssl3t64 (>= 4)", false)]
    [DataRow("libssl3 (>= 3)", true, DisplayName = "a versioned name that is provided")]
    [DataRow("libssl3 (>= 4)", false)]
    [DataRow("crypto", true)]
    [DataRow("crypto (>= 1)", false, DisplayName = "a name that is provided in no version")]
    [DataRow("libssl3t64:any", true)]
    [DataRow("libssl3t64:arm64", true)]
    [DataRow("libssl3t64:amd64", false)]
    public void A_package_satisfies_by_its_name_and_by_what_it_provides(string relation, bool expected) =>
        Assert.AreEqual(expected, Read(Stanza).Satisfies(Relation.Parse(relation), "arm64"));

    private static BinaryPackage Read(string stanza) => BinaryPackage.From(ControlParagraph.ParseAll(stanza).Single());
}

using MultiArch.Debian.Sources;
using MultiArch.Oci;

namespace MultiArch.Debian.Tests.Sources;

[TestClass]
public sealed class Deb822SourcesTests
{
    [TestMethod]
    public void Several_addresses_and_suites_are_as_many_sources()
    {
        var list = Parse(
            """
            Types: deb deb-src
            # http://archive.test/snapshot
            URIs: http://archive.test/a/ http://archive.test/b
            Suites: bookworm bookworm-updates
            Components: main contrib
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

            Types: deb-src
            URIs: http://archive.test/sources
            Suites: bookworm
            Components: main

            Enabled: no
            Types: deb
            URIs: http://archive.test/disabled
            Suites: bookworm
            Components: main
            """);

        CollectionAssert.AreEqual(
            new[]
            {
                "deb http://archive.test/a/ bookworm main contrib", "deb http://archive.test/a/ bookworm-updates main contrib",
                "deb http://archive.test/b bookworm main contrib", "deb http://archive.test/b bookworm-updates main contrib",
            },
            list.Sources.Select(source => source.ToString()).ToArray());
        Assert.AreEqual("http://archive.test/b/", list.Sources[^1].Root.AbsoluteUri);
        Assert.AreEqual("/usr/share/keyrings/debian-archive-keyring.gpg", list.Sources[0].SignedBy?.Files.Single());
        Assert.IsEmpty(list.Skipped);
    }

    [TestMethod]
    public void A_key_may_stand_in_the_file_itself()
    {
        var source = Parse(
            """
            Types: deb
            URIs: http://archive.test/debian
            Suites: bookworm
            Components: main
            Architectures: amd64
             arm64
            Check-Valid-Until: no
            Signed-By:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             mDMEZ
             -----END PGP PUBLIC KEY BLOCK-----
            """).Sources.Single();

        Assert.AreEqual("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEZ\n-----END PGP PUBLIC KEY BLOCK-----\n", source.SignedBy?.Block);
        Assert.IsTrue(source.IsFor("arm64"));
        Assert.IsFalse(source.CheckValidUntil);
    }

    [TestMethod]
    public void A_source_that_takes_unsigned_packages_is_left_out()
    {
        var list = Parse("Types: deb\nURIs: http://archive.test/debian\nSuites: bookworm\nComponents: main\nTrusted: yes\n");

        Assert.IsEmpty(list.Sources);
        StringAssert.Contains(list.Skipped.Single().ToString(), "trusted=yes would take packages that nobody has signed");
    }

    [TestMethod]
    [DataRow("Types: deb\nSuites: a\nComponents: main\n", "it has no URIs", "entry 1")]
    [DataRow("\nTypes: deb\nURIs: http://a.test/\nSuites: a\nComponents: main\n\nURIs: http://a.test/\n", "it has no Types", "entry 2")]
    [DataRow("Types: deb\nTypes: deb\n", "line 2 has the field Types for the second time", "")]
    [DataRow("what is this\n", "line 1 is no field", "")]
    public void An_entry_that_says_nothing_is_named(string text, string reason, string where)
    {
        var failure = Assert.ThrowsExactly<MultiArchException>(() => Parse(text));

        Assert.AreEqual(DiagnosticCodes.InvalidAptSources, failure.Code);
        StringAssert.Contains(failure.Message, reason);
        StringAssert.Contains(failure.Message, where);
    }

    private static SourceList Parse(string text) => Deb822Sources.Parse(text, "/etc/apt/sources.list.d/a.sources of a test", isLocal: true);
}

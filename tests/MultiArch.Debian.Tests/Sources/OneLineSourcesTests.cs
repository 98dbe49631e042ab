using MultiArch.Debian.Sources;
using MultiArch.Oci;

namespace MultiArch.Debian.Tests.Sources;

[TestClass]
public sealed class OneLineSourcesTests
{
    [TestMethod]
    public void Lines_become_sources_and_comments_do_not()
    {
        var list = Parse(
            """
            # deb http://archive.test/debian old main

            deb http://archive.test/debian bookworm main contrib # and no more
            deb-src http://archive.test/debian bookworm main
              deb	https://archive.test/security   bookworm-security	main
            """);

        CollectionAssert.AreEqual(
            new[] { "deb http://archive.test/debian bookworm main contrib", "deb https://archive.test/security bookworm-security main" },
            list.Sources.Select(source => source.ToString()).ToArray());
        Assert.AreEqual("/etc/apt/sources.list of a test, line 3", list.Sources[0].Origin);
        Assert.IsEmpty(list.Skipped);
    }

    [TestMethod]
    public void Options_say_for_whom_and_by_whom()
    {
        var source = Parse("deb [ arch=amd64,arm64 arch-=arm64 signed-by=/usr/share/keyrings/a.gpg,/etc/b.asc check-valid-until=no lang=none ] http://archive.test/debian sid main").Sources.Single();

        Assert.IsTrue(source.IsFor("amd64"));
        Assert.IsFalse(source.IsFor("arm64"));
        Assert.IsFalse(source.IsFor("riscv64"));
        Assert.IsFalse(source.CheckValidUntil);
        CollectionAssert.AreEqual(new[] { "/usr/share/keyrings/a.gpg", "/etc/b.asc" }, source.SignedBy?.Files.ToArray());
    }

    [TestMethod]
    public void Fingerprints_say_by_whom_too()
    {
        var source = Parse("deb [signed-by=4cb50190207b4758a3f73a796ed0e7b82643e131!] http://archive.test/debian sid main").Sources.Single();

        Assert.AreEqual("4CB50190207B4758A3F73A796ED0E7B82643E131!", source.SignedBy?.Fingerprints.Single());
    }

    [TestMethod]
    public void An_archive_without_components_has_a_suite_that_is_a_folder()
    {
        var source = Parse("deb file:/srv/packages ./").Sources.Single();

        Assert.IsTrue(source.IsFlat);
        Assert.AreEqual("/srv/packages/", source.Root.LocalPath);
    }

    [TestMethod]
    [DataRow("deb cdrom:[Debian GNU/Linux 12 _Bookworm_ - amd64]/ bookworm main", "'cdrom' is a scheme that is not read")]
    [DataRow("deb tor+http://archive.test/debian bookworm main", "'tor+http' is a scheme that is not read")]
    [DataRow("deb mirror://archive.test/mirrors.txt bookworm main", "'mirror' is a scheme that is not read")]
    [DataRow("deb mirror+file:/etc/mirrors.txt bookworm main", "'mirror+file' is a scheme that is not read")]
    [DataRow("deb [trusted=yes] http://archive.test/debian bookworm main", "trusted=yes would take packages that nobody has signed")]
    [DataRow("deb http://me:secret@archive.test/debian bookworm main", "it holds a name or a password")]
    [DataRow("deb http://archive.test/$(ARCH) bookworm main", "it holds a variable")]
    [DataRow("deb http://archive.test/debian ../../other main", "its suite leaves the archive")]
    [DataRow("deb http:// bookworm main", "its address is none")]
    public void A_source_that_cannot_be_used_is_left_out_with_a_reason(string line, string reason)
    {
        var list = Parse(line + "\ndeb http://archive.test/debian bookworm main");

        Assert.HasCount(1, list.Sources);
        var text = list.Skipped.Single().ToString();
        StringAssert.Contains(text, reason);
        StringAssert.Contains(text, "of /etc/apt/sources.list of a test, line 1");
        Assert.DoesNotContain("secret", text);
        Assert.DoesNotContain("\n", text);
    }

    [TestMethod]
    public void A_folder_named_by_an_image_is_not_one_of_this_machine()
    {
        var list = OneLineSources.Parse("deb file:/srv/packages bookworm main", "a file", isLocal: false);

        Assert.IsEmpty(list.Sources);
        StringAssert.Contains(list.Skipped.Single().Reason, "files of the image");
    }

    [TestMethod]
    [DataRow("deb", "it names no address")]
    [DataRow("deb http://archive.test/debian", "it names no suite")]
    [DataRow("deb http://archive.test/debian bookworm", "the suite 'bookworm' has no components")]
    [DataRow("deb http://archive.test/debian ./ main", "the suite './' ends with / and takes no components")]
    [DataRow("rpm http://archive.test/debian bookworm main", "'rpm' is no type of source")]
    [DataRow("deb [arch=amd64 http://archive.test/debian bookworm main", "its options have no end")]
    [DataRow("deb [arch] http://archive.test/debian bookworm main", "the option 'arch' has no value")]
    [DataRow("deb [trusted=maybe] http://archive.test/debian bookworm main", "Trusted is 'maybe'")]
    [DataRow("deb [signed-by=key.gpg] http://archive.test/debian bookworm main", "'key.gpg', which is neither an absolute path nor a fingerprint")]
    public void A_line_that_says_nothing_is_named(string line, string reason)
    {
        var failure = Assert.ThrowsExactly<MultiArchException>(() => Parse("\n" + line));

        Assert.AreEqual(DiagnosticCodes.InvalidAptSources, failure.Code);
        StringAssert.StartsWith(failure.Message, "/etc/apt/sources.list of a test, line 2, cannot be read: ");
        StringAssert.Contains(failure.Message, reason);
    }

    private static SourceList Parse(string text) => OneLineSources.Parse(text, "/etc/apt/sources.list of a test", isLocal: true);
}

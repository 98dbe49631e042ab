using MultiArch.Debian.Archive;
using MultiArch.Debian.Sources;
using MultiArch.Oci;

namespace MultiArch.Debian.Tests.Archive;

[TestClass]
public sealed class ReleaseFileTests
{
    private const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [TestMethod]
    public void A_release_says_who_what_and_how_long()
    {
        var release = ReleaseFile.Parse(Text());

        Assert.AreEqual("Debian", release.Origin);
        Assert.AreEqual(new DateTimeOffset(2026, 1, 10, 8, 0, 0, TimeSpan.Zero), release.Date);
        Assert.AreEqual(new DateTimeOffset(2026, 1, 17, 8, 0, 0, TimeSpan.Zero), release.ValidUntil);
        Assert.IsTrue(release.HasByHash);
        Assert.IsFalse(release.HasIndexOfAll);
        Assert.AreEqual(new ArchiveFile("main/binary-amd64/Packages.xz", 32, Digest.Parse($"sha256:{Hash}")), release.Files["main/binary-amd64/Packages.xz"]);
    }

    [TestMethod]
    [DataRow("Sat, 10 Jan 2026 08:00:00 UTC")]
    [DataRow("Sat, 10 Jan 2026 08:00:00 +0000")]
    [DataRow("Sat, 10 Jan 2026 08:00:00 GMT")]
    [DataRow("Sat, 10 Jan 2026  8:00:00 UTC")]
    public void Times_are_read_as_archives_write_them(string date)
    {
        Assert.AreEqual(new DateTimeOffset(2026, 1, 10, 8, 0, 0, TimeSpan.Zero), ReleaseFile.Parse(Text(date: date)).Date);
    }

    [TestMethod]
    [DataRow("", "it is empty")]
    [DataRow("Suite: a\nSHA256:\n\nSuite: b\n", "it has a second paragraph")]
    [DataRow("Suite: a\nMD5Sum:\n 0 0 a\n", "it has no SHA256")]
    [DataRow("Suite: a\nSHA256:\n abc 1 a\n", "'abc 1 a' names no file with size and hash")]
    [DataRow($"Suite: a\nSHA256:\n {Hash} -1 a\n", "names no file with size and hash")]
    [DataRow($"Suite: a\nDate: yesterday\nSHA256:\n {Hash} 1 a\n", "its Date is no time: 'yesterday'")]
    public void What_is_none_is_refused(string text, string reason)
    {
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => ReleaseFile.Parse(text)).Message, reason);
    }

    [TestMethod]
    [DataRow("bookworm-security")]
    [DataRow("oldstable-security")]
    [DataRow("bookworm-security/updates")]
    public void A_suite_has_two_names(string suite)
    {
        ReleaseCheck.IsCurrent(ReleaseFile.Parse(Text()), Source(suite) with { CheckValidUntil = false }, Now);
    }

    [TestMethod]
    [DataRow("bookworm")]
    [DataRow("stable-security")]
    [DataRow("bullseye-security")]
    public void Another_suite_is_refused(string suite)
    {
        var failure = Assert.ThrowsExactly<MultiArchException>(() => ReleaseCheck.IsCurrent(ReleaseFile.Parse(Text()), Source(suite), Now));

        Assert.AreEqual(DiagnosticCodes.NotTheRequestedSuite, failure.Code);
        StringAssert.Contains(failure.Message, "shows the index of another suite: 'oldstable-security', also called 'bookworm-security'.");
    }

    [TestMethod]
    public void What_has_expired_is_refused_unless_it_is_meant()
    {
        var failure = Assert.ThrowsExactly<MultiArchException>(() => ReleaseCheck.IsCurrent(ReleaseFile.Parse(Text()), Source("bookworm-security"), Now));

        Assert.AreEqual(DiagnosticCodes.IndexExpired, failure.Code);
        StringAssert.Contains(failure.Message, "was valid until 2026-01-17 08:00 UTC and was written on 2026-01-10 08:00 UTC");
        ReleaseCheck.IsCurrent(ReleaseFile.Parse(Text()), Source("bookworm-security"), Now.AddDays(-20));
    }

    [TestMethod]
    public void Components_are_looked_for_where_they_lie_and_not_as_they_are_called()
    {
        var index = ListedIndex.Find(ReleaseFile.Parse(Text()), Source("bookworm-security"), "amd64").Single();

        Assert.AreEqual("main/binary-amd64/Packages.xz", index.File.Path);
        Assert.AreEqual(200, index.Plain?.Size);
    }

    [TestMethod]
    [DataRow("main", "riscv64", DiagnosticCodes.ArchitectureNotServed, "has no packages for riscv64: it has all amd64 arm64")]
    [DataRow("main", "arm64", DiagnosticCodes.ArchitectureNotServed, "has no packages for arm64: its component main lists none")]
    [DataRow("contrib", "amd64", DiagnosticCodes.NotTheRequestedSuite, "has no component 'contrib'; it has updates/main")]
    public void What_an_archive_does_not_have_is_named(string component, string architecture, string code, string reason)
    {
        var failure = Assert.ThrowsExactly<MultiArchException>(() => ListedIndex.Find(ReleaseFile.Parse(Text()), Source("bookworm-security") with { Components = [component] }, architecture));

        Assert.AreEqual(code, failure.Code);
        StringAssert.Contains(failure.Message, reason);
        StringAssert.Contains(failure.Message, "of an item of a test");
    }

    private static PackageSource Source(string suite) => new(new Uri("http://archive.test/security"), suite, ["main"], "an item of a test");

    private static string Text(string date = "Sat, 10 Jan 2026 08:00:00 UTC") =>
        $"""
        Origin: Debian
        Suite: oldstable-security
        Codename: bookworm-security
        Date: {date}
        Valid-Until: Sat, 17 Jan 2026 08:00:00 UTC
        Acquire-By-Hash: yes
        No-Support-for-Architecture-all: Packages
        Architectures: all amd64 arm64
        Components: updates/main
        SHA256:
         {Hash} 200 main/binary-amd64/Packages
         {Hash}  32 main/binary-amd64/Packages.xz
         {Hash}  40 main/binary-amd64/Packages.gz
        """;
}

using MultiArch.Debian.Resolver;

namespace MultiArch.Debian.Tests.Resolver;

[TestClass]
public sealed class InstalledPackagesTests
{
    [TestMethod]
    [DataRow("install ok installed", true)]
    [DataRow("hold ok installed", true)]
    [DataRow("deinstall ok installed", true)]
    [DataRow("install ok unpacked", true)]
    [DataRow("install ok half-configured", true)]
    [DataRow("install ok triggers-pending", true)]
    [DataRow("install ok triggers-awaited", true)]
    [DataRow("install reinstreq half-installed", false)]
    [DataRow("deinstall ok config-files", false)]
    [DataRow("unknown ok not-installed", false)]
    [DataRow("purge ok not-installed", false)]
    public void Only_what_is_there_counts(string status, bool isThere) =>
        Assert.AreEqual(isThere ? 1 : 0, Parse($"Package: a\nStatus: {status}\nVersion: 1\nArchitecture: amd64\n").Packages.Count);

    [TestMethod]
    public void What_was_removed_may_have_neither_version_nor_architecture() =>
        Assert.IsEmpty(Parse("Package: a\nStatus: purge ok not-installed\nPriority: optional\n").Packages);

    [TestMethod]
    public void The_files_of_distroless_have_no_status()
    {
        var installed = InstalledPackages.Parse(
        [
            ("/var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12.4\nArchitecture: amd64\nDescription: text\n more\n"),
            ("/var/lib/dpkg/status.d/base.md5sums", "d41d8cd98f00b204e9800998ecf8427e  etc/debian_version\n"),
            ("/var/lib/dpkg/status.d/libc6", "Package: libc6\nVersion: 2.36\nArchitecture: amd64\nProvides: libc-bin\n"),
        ]);

        Assert.AreEqual("base-files 12.4, libc6 2.36", string.Join(", ", installed.Packages));
    }

    [TestMethod]
    public void Of_a_package_that_two_files_describe_the_first_counts() =>
        Assert.AreEqual("a 2", string.Join(", ", InstalledPackages.Parse(["Package: a\nVersion: 2\nArchitecture: amd64\n", "Package: a\nVersion: 1\nArchitecture: amd64\n"]).Packages));

    [TestMethod]
    public void An_empty_record_is_an_empty_system()
    {
        Assert.IsEmpty(Parse("").Packages);
        Assert.IsEmpty(Parse("\n\n").Packages);
        Assert.IsEmpty(InstalledPackages.None.Packages);
    }

    [TestMethod]
    [DataRow("Package: a\nStatus: install ok installed\nArchitecture: amd64\n", "'a' has no Version")]
    [DataRow("Status: install ok installed\nVersion: 1\n", "has no Package")]
    [DataRow("Package: a\nVersion: one_two\n", "Version of the package 'a'")]
    [DataRow("Package: a\nVersion: 1\nProvides: ?\n", "Provides of the package 'a'")]
    [DataRow("d41d8cd98f00b204e9800998ecf8427e  etc/debian_version\n", "line 1 is no field")]
    [DataRow("\0\0\0\0", "line 1 is no field")]
    public void What_is_no_record_is_refused_with_its_path(string text, string why)
    {
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => Parse(text)).Message, why);
        StringAssert.StartsWith(Assert.ThrowsExactly<FormatException>(() => InstalledPackages.Parse([("/var/lib/dpkg/status", text)])).Message, "/var/lib/dpkg/status: ");
    }

    private static InstalledPackages Parse(string text) => InstalledPackages.Parse([text]);
}

using System.Text;
using MultiArch.Debian.Bases;
using MultiArch.Oci;
using MultiArch.Oci.Contents;

namespace MultiArch.Debian.Tests.Bases;

[TestClass]
public sealed class BaseSystemTests
{
    private const string Debian = "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n";
    private const string Ubuntu = "ID=ubuntu\nVERSION_ID=\"24.04\"\nVERSION_CODENAME=noble\n";
    private const string Installed = "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.36-9\n";

    [TestMethod]
    public void A_base_of_Debian_says_its_release_its_sources_and_its_packages()
    {
        var system = Read(("etc/os-release", Debian), ("etc/apt/sources.list", "deb http://archive.test/debian bookworm main\n"), ("var/lib/dpkg/status", Installed));

        system.RequireDebianPackages();
        Assert.AreEqual("bookworm", system.Release!.VersionCodename);
        Assert.AreEqual("deb http://archive.test/debian bookworm main", system.Apt.List.Sources.Single().ToString());
        Assert.AreEqual("libc6 2.36-9", system.Installed.Packages.Single().ToString());
    }

    [TestMethod]
    public void Distroless_keeps_a_file_for_each_package()
    {
        var system = Read(("etc/os-release", Debian), ("var/lib/dpkg/status.d/libc6", Installed.Replace("Status: install ok installed\n", "", StringComparison.Ordinal)), ("var/lib/dpkg/status.d/libc6.md5sums", "0 x\n"));

        system.RequireDebianPackages();
        Assert.AreEqual("libc6", system.Installed.Packages.Single().Name);
        Assert.IsEmpty(system.Apt.List.Sources);
    }

    [TestMethod]
    [DataRow("ID=alpine\nVERSION_ID=3.20\n", "lib/apk/db/installed", "its packages are Alpine's (apk)")]
    [DataRow("ID=alpine\nVERSION_ID=3.23\n", "usr/lib/apk/db/installed", "its packages are Alpine's (apk)")]
    [DataRow("ID=azurelinux\nVERSION_ID=3.0\n", "var/lib/rpm/rpmdb.sqlite", "its packages are of another kind (rpm)")]
    [DataRow("ID=azurelinux\nVERSION_ID=3.0\n", "var/lib/rpmmanifest/container-manifest-2", "its packages are of another kind (rpm)")]
    [DataRow(Ubuntu, "var/lib/chisel/manifest.wall", "it is chiseled")]
    [DataRow(Ubuntu, "var/lib/dpkg/status", "it is chiseled")]
    [DataRow(Debian, "etc/hostname", "it has no record of packages")]
    public void On_another_base_packages_are_refused_with_what_to_use_instead(string release, string path, string why)
    {
        var error = Assert.ThrowsExactly<MultiArchException>(Read(("etc/os-release", release), (path, path.EndsWith("status", StringComparison.Ordinal) ? Installed : "")).RequireDebianPackages);

        Assert.AreEqual(DiagnosticCodes.BaseHasNoDebianPackages, error.Code);
        Assert.Contains(why, error.Message);
        Assert.Contains("-noble or -bookworm-slim", error.Message);
        Assert.Contains("'base:1'", error.Message);
    }

    [TestMethod]
    public void An_Ubuntu_with_apt_is_no_chiseled_one() =>
        Read(("etc/os-release", Ubuntu), ("var/lib/dpkg/status", Installed), ("etc/apt/sources.list", "")).RequireDebianPackages();

    [TestMethod]
    public void Nothing_as_base_takes_packages() => BaseSystem.Read("scratch", new MergedTree(), isScratch: true).RequireDebianPackages();

    [TestMethod]
    public void A_record_that_is_none_is_one_line_that_names_the_base()
    {
        var error = Assert.ThrowsExactly<MultiArchException>(() => Read(("var/lib/dpkg/status", "no field\n")));

        Assert.AreEqual(DiagnosticCodes.InstalledPackagesUnreadable, error.Code);
        Assert.Contains("'base:1'", error.Message);
    }

    private static BaseSystem Read(params (string Path, string Content)[] files)
    {
        var tree = new MergedTree();
        foreach (var (path, content) in files)
        {
            var bytes = Encoding.UTF8.GetBytes(content);
            tree.Put(path, new TreeEntry(TreeEntryType.File, 0b110_100_100, 0, 0) { Size = bytes.Length, Content = bytes });
        }

        return BaseSystem.Read("base:1", tree, isScratch: false);
    }
}

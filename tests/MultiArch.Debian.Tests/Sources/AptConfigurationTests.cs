using MultiArch.Debian.Sources;
using MultiArch.Testing;

namespace MultiArch.Debian.Tests.Sources;

[TestClass]
public sealed class AptConfigurationTests
{
    [TestMethod]
    public void Files_are_read_in_apts_order_and_others_are_not()
    {
        using var root = new TempDirectory();
        root.Write("etc/apt/sources.list", "deb http://archive.test/0 bookworm main\n");
        root.Write("etc/apt/sources.list.d/b.list", "deb http://archive.test/2 bookworm main\n");
        root.Write("etc/apt/sources.list.d/a.sources", "Types: deb\nURIs: http://archive.test/1\nSuites: bookworm\nComponents: main\n");
        root.Write("etc/apt/sources.list.d/c.list.disabled", "deb http://archive.test/3 bookworm main\n");
        root.Write("etc/apt/sources.list.d/d e.list", "deb http://archive.test/4 bookworm main\n");
        root.Write("etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n# a comment\nVERSION_CODENAME=bookworm\n");

        var configuration = AptConfiguration.Read(new HostRootFiles(root.Path), "the base image", isLocal: false);

        CollectionAssert.AreEqual(new[] { "/0", "/1", "/2" }, configuration.List.Sources.Select(source => source.Uri.AbsolutePath).ToArray());
        Assert.AreEqual("/etc/apt/sources.list.d/b.list of the base image, line 1", configuration.List.Sources[2].Origin);
        Assert.AreEqual(new OsRelease("debian", "12", "bookworm"), configuration.Release);
    }

    [TestMethod]
    public void A_system_without_apt_has_no_sources()
    {
        using var root = new TempDirectory();
        root.Write("usr/lib/os-release", "ID='azurelinux'\n");

        var configuration = AptConfiguration.Read(new HostRootFiles(root.Path), "the base image", isLocal: false);

        Assert.IsEmpty(configuration.List.Sources);
        Assert.AreEqual("azurelinux", configuration.Release?.Id);
        Assert.IsNull(OsRelease.Read(new HostRootFiles(root["nowhere"])));
    }
}

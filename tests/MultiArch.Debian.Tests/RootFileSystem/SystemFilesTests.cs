using System.Text;
using MultiArch.Debian.Tests.DebFiles;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Layers;

namespace MultiArch.Debian.Tests.RootFileSystem;

[TestClass]
public sealed class SystemFilesTests
{
    [TestMethod]
    public async Task An_empty_root_gets_accounts_temporary_folders_and_name_services()
    {
        using var system = new TestSystem();
        await system.AddAsync("demo");

        Assert.AreEqual(
            "root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\napp:x:1654:1654::/home/app:/sbin/nologin\n",
            Read(system, "etc/passwd"));
        Assert.AreEqual("root:x:0:\nnogroup:x:65534:\napp:x:1654:\n", Read(system, "etc/group"));
        Assert.Contains("hosts: files dns\n", Read(system, "etc/nsswitch.conf"));
        Assert.AreEqual(new LayerFile("home/app", Mode: Convert.ToInt32("755", 8), Uid: 1654, Gid: 1654), system.Find("home/app"));
        Assert.AreEqual(Convert.ToInt32("1777", 8), system.Find("tmp").Mode);
        Assert.AreEqual(Convert.ToInt32("1777", 8), system.Find("var/tmp").Mode);
        Assert.AreEqual(Convert.ToInt32("700", 8), system.Find("root").Mode);
    }

    [TestMethod]
    public async Task What_a_package_brings_is_not_made()
    {
        using var system = new TestSystem();
        await system.AddAsync(
            "base-passwd",
            TestDeb.File("./usr/share/base-passwd/passwd.master", "root:*:0:0:root:/root:/bin/bash\n"), TestDeb.File("./etc/nsswitch.conf", "theirs"), TestDeb.Folder("./tmp", "1700"));

        Assert.AreEqual("root:*:0:0:root:/root:/bin/bash\napp:x:1654:1654::/home/app:/sbin/nologin\n", Read(system, "etc/passwd"));
        Assert.AreEqual("theirs", Read(system, "etc/nsswitch.conf"));
        Assert.AreEqual(Convert.ToInt32("1700", 8), system.Find("tmp").Mode);
    }

    [TestMethod]
    public async Task A_base_has_its_own()
    {
        using var system = new TestSystem().OnMergedBase();
        await system.AddAsync("demo", TestDeb.File("./opt/x"));

        var paths = system.Arrange().Layers.SelectMany(layer => layer.Files).Select(file => file.Path).ToArray();

        CollectionAssert.AreEqual(new[] { "opt", "opt/x", "var", "var/lib", "var/lib/dpkg", "var/lib/dpkg/status.d", "var/lib/dpkg/status.d/demo" }, paths);
    }

    [TestMethod]
    public async Task Scanners_find_one_paragraph_and_the_sums_of_each_package()
    {
        using var system = new TestSystem();
        await system.AddAsync(new TestDeb { Name = "libdemo1.0", ControlFiles = { ["md5sums"] = "d41d8cd98f00b204e9800998ecf8427e  usr/x\n" }, Entries = [TestDeb.File("./usr/x", "")] });
        await system.AddAsync(new TestDeb { Name = "data", Architecture = "all" });

        var record = Read(system, "var/lib/dpkg/status.d/libdemo1.0");
        Assert.StartsWith("Package: libdemo1.0\nVersion: 1.0-1\nArchitecture: amd64\n", record);
        Assert.EndsWith("Description: a package of the tests\n", record);
        Assert.DoesNotContain("\n\n", record);
        Assert.AreEqual("d41d8cd98f00b204e9800998ecf8427e  usr/x\n", Read(system, "var/lib/dpkg/status.d/libdemo1.0.md5sums"));
        var common = system.Arrange().Layers[0];
        Assert.AreEqual("system-common", common.Title);
        Assert.Contains("var/lib/dpkg/status.d/data", common.Files.Select(file => file.Path));
        Assert.DoesNotContain("var/lib/dpkg/status.d/data.md5sums", system.Arrange().Layers.SelectMany(layer => layer.Files).Select(file => file.Path));
    }

    [TestMethod]
    public async Task Files_are_made_anew_when_their_folder_was_spoilt()
    {
        using var system = new TestSystem();
        await system.AddAsync("demo");
        var source = system.Find("etc/passwd").Source!;
        await File.WriteAllTextAsync(source, "spoilt");

        Assert.StartsWith("root:x:0:0", Read(system, "etc/passwd"));
        Assert.AreEqual(source, system.Find("etc/passwd").Source);
    }

    [TestMethod]
    public async Task A_base_whose_records_lie_behind_a_link_keeps_it()
    {
        using var system = new TestSystem().OnMergedBase();
        system.Base.Put("usr/lib/sysimage/dpkg", TreeEntry.ImpliedDirectory);
        system.Base.Put("var/lib/dpkg", new TreeEntry(TreeEntryType.Symlink, 0b111_111_111, 0, 0) { LinkTarget = "/usr/lib/sysimage/dpkg" });
        await system.AddAsync("demo");

        Assert.IsNotNull(system.Find("usr/lib/sysimage/dpkg/status.d/demo"));
    }

    private static string Read(TestSystem system, string path) => Encoding.UTF8.GetString(File.ReadAllBytes(system.Find(path).Source!));
}

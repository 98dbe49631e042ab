using System.Formats.Tar;
using MultiArch.Debian.Tests.DebFiles;
using MultiArch.Oci;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Layers;

namespace MultiArch.Debian.Tests.RootFileSystem;

[TestClass]
public sealed class PlacementTests
{
    private static TarEntry File(string path, string content = "content", string mode = "644") => TestDeb.File($"./{path}", content, mode);

    private static TarEntry Folder(string path, string mode = "755") => TestDeb.Folder($"./{path}", mode);

    private static TarEntry Link(string path, string target) => TestDeb.Link($"./{path}", target);

    private static TarEntry HardLink(string path, string target) => TestDeb.HardLink($"./{path}", $"./{target}");

    [TestMethod]
    public async Task On_a_merged_base_a_path_goes_where_its_link_leads_and_the_link_stays()
    {
        using var system = new TestSystem().OnMergedBase();
        await system.AddAsync("libc6", Folder("lib"), Folder("lib/x"), File("lib/x/libc.so.6"), HardLink("lib/x/again", "lib/x/libc.so.6"), Link("lib/ld.so", "/lib/x/libc.so.6"));

        CollectionAssert.AreEqual(
            new[] { "usr/lib/ld.so Symlink /lib/x/libc.so.6", "usr/lib/x/again File", "usr/lib/x/libc.so.6 HardLink usr/lib/x/again" },
            system.Describe());
        Assert.AreEqual("usr/lib", system.Arrange().Tree.Find("lib")!.LinkTarget);
    }

    [TestMethod]
    public async Task Absolute_links_dots_and_chains_of_a_base_are_followed()
    {
        using var system = new TestSystem().OnMergedBase();
        system.Base.Put("var/run", Symlink("/run"));
        system.Base.Put("usr/share/doc/x", Symlink("../y/z/.."));
        system.Base.Put("one", Symlink("two/../three"));
        system.Base.Put("three", Symlink("lib"));
        await system.AddAsync(
            "demo",
            Folder("var"), Folder("var/run"), Folder("var/run/demo"), File("var/run/demo/pid"), File("usr/share/doc/x/copyright"), File("one/a"));

        CollectionAssert.AreEqual(new[] { "run/demo/pid File", "usr/lib/a File", "usr/share/y/copyright File" }, system.Describe());
    }

    [TestMethod]
    public async Task A_circle_of_links_in_a_base_is_one_line()
    {
        using var system = new TestSystem().OnMergedBase();
        system.Base.Put("a", Symlink("b"));
        system.Base.Put("b", Symlink("a"));
        await system.AddAsync("demo", File("a/x"));

        Refuses(system, DiagnosticCodes.PackageDoesNotFit, "'/a/x' of the package demo 1.0-1 (amd64) cannot be laid down: its links go in a circle.");
    }

    [TestMethod]
    public async Task On_an_empty_root_usr_is_merged_with_the_links_that_lead_somewhere()
    {
        using var system = new TestSystem();
        await system.AddAsync("libc6", Folder("lib"), File("lib/x/libc.so.6"), Folder("lib64"), Link("lib64/ld.so", "/lib/x/libc.so.6"));
        await system.AddAsync("tool", File("bin/tool"), File("usr/bin/other"), HardLink("bin/tool2", "bin/tool"));

        CollectionAssert.AreEqual(
            new[]
            {
                "bin Symlink usr/bin", "lib Symlink usr/lib", "lib64 Symlink usr/lib64",
                "usr/bin/other File", "usr/bin/tool File", "usr/bin/tool2 HardLink usr/bin/tool", "usr/lib/x/libc.so.6 File", "usr/lib64/ld.so Symlink /lib/x/libc.so.6",
            },
            system.Describe());
        Assert.IsNotNull(system.Arrange().Tree.Follow("/lib64/ld.so"));
    }

    [TestMethod]
    public async Task Links_of_a_merged_usr_that_a_package_has_are_its_own()
    {
        using var system = new TestSystem();
        await system.AddAsync("base-files", Link("bin", "usr/bin"), Link("lib", "usr/lib"), Folder("usr"), Folder("usr/bin"), Folder("usr/lib"));
        await system.AddAsync("libc6", Folder("usr/lib64"), File("usr/lib64/ld.so"));

        CollectionAssert.AreEqual(new[] { "bin Symlink usr/bin", "lib Symlink usr/lib", "lib64 Symlink usr/lib64", "usr/lib64/ld.so File" }, system.Describe());
    }

    [TestMethod]
    public async Task A_directory_that_the_base_has_keeps_its_mode_and_owner()
    {
        using var system = new TestSystem().OnMergedBase();
        system.Base.Put("opt", TreeEntry.ImpliedDirectory with { Mode = Convert.ToInt32("2775", 8), Gid = 50 });
        await system.AddAsync("demo", Folder("opt", "700"), File("opt/x"), Folder("srv", "1777"), File("srv/y"));

        var opt = system.Find("opt");
        Assert.AreEqual(Convert.ToInt32("2775", 8), opt.Mode);
        Assert.AreEqual(50, opt.Gid);
        Assert.AreEqual(Convert.ToInt32("1777", 8), system.Find("srv").Mode);
    }

    [TestMethod]
    public async Task A_directory_has_its_packages_mode_also_where_a_link_lies_in_it()
    {
        using var system = new TestSystem();
        await system.AddAsync("demo", Folder("var"), Folder("var/secret", "700"), Link("var/secret/link", "nowhere"), File("var/open/x"), Folder("var/tmp", "1777"));

        Assert.AreEqual(Convert.ToInt32("700", 8), system.Find("var/secret").Mode);
        Assert.AreEqual(Convert.ToInt32("755", 8), system.Find("var/open").Mode);
        Assert.AreEqual(Convert.ToInt32("1777", 8), system.Find("var/tmp").Mode);
    }

    [TestMethod]
    public async Task What_dpkg_refuses_is_refused()
    {
        using var system = new TestSystem().OnMergedBase();
        await system.AddAsync("demo", Link("usr/bin", "/other"));
        Refuses(system, DiagnosticCodes.PackageDoesNotFit, "'/usr/bin' of the package demo 1.0-1 (amd64) cannot be laid down: it is a link to '/other', and a directory is there.");

        using var file = new TestSystem().OnMergedBase();
        await file.AddAsync("demo", File("usr/bin"));
        Refuses(file, DiagnosticCodes.PackageDoesNotFit, "it is a file, and a directory is there.");

        using var directory = new TestSystem().OnMergedBase();
        await directory.AddAsync("demo", Folder("usr/bin/sh"));
        Refuses(directory, DiagnosticCodes.PackageDoesNotFit, "it is a directory, and '/usr/bin/sh' is none.");

        using var through = new TestSystem().OnMergedBase();
        await through.AddAsync("demo", File("bin/sh/x"));
        Refuses(through, DiagnosticCodes.PackageDoesNotFit, "'usr/bin/sh' is no directory.");
    }

    [TestMethod]
    public async Task A_file_takes_the_place_of_a_link_of_the_base()
    {
        using var system = new TestSystem().OnMergedBase();
        system.Base.Put("etc", TreeEntry.ImpliedDirectory);
        system.Base.Put("opt/config", Symlink("/nowhere"));
        await system.AddAsync("demo", File("opt/config"));

        CollectionAssert.AreEqual(new[] { "opt/config File" }, system.Describe());
    }

    [TestMethod]
    public async Task A_file_of_two_packages_names_both()
    {
        using var system = new TestSystem();
        await system.AddAsync("one", Folder("usr"), File("usr/lib/x"));
        await system.AddAsync("two", Folder("usr"), File("lib/x"));

        Refuses(system, DiagnosticCodes.FileOfTwoPackages, "The packages one 1.0-1 (amd64) and two 1.0-1 (amd64) both have the file '/usr/lib/x'.");
    }

    [TestMethod]
    [DataRow("Replaces: one\n", "two")]
    [DataRow("Replaces: other, one (<< 2)\n", "two")]
    [DataRow("Replaces: one (<< 1)\n", null)]
    [DataRow("Replaces: other\n", null)]
    public async Task A_package_that_replaces_another_gets_the_file(string fields, string? winner)
    {
        using var system = new TestSystem();
        await system.AddAsync("one", File("usr/x", "one"), HardLink("usr/y", "usr/x"));
        await system.AddAsync(new TestDeb { Name = "two", Fields = fields, Entries = [File("usr/x", "two")] });

        if (winner is null)
        {
            Refuses(system, DiagnosticCodes.FileOfTwoPackages, "both have the file '/usr/x'");
            return;
        }

        Assert.AreEqual("two", await System.IO.File.ReadAllTextAsync(system.Find("usr/x").Source!));
        Assert.AreEqual("one", await System.IO.File.ReadAllTextAsync(system.Find("usr/y").Source!), "its other name is not replaced");
        system.Packages.Reverse();
        Assert.AreEqual("two", await System.IO.File.ReadAllTextAsync(system.Find("usr/x").Source!), "in any order");
    }

    [TestMethod]
    public async Task A_file_and_its_link_that_become_one_path_are_the_file()
    {
        using var system = new TestSystem();
        await system.AddAsync("demo", File("bin/x"), Link("usr/bin/x", "/bin/x"));

        CollectionAssert.AreEqual(new[] { "bin Symlink usr/bin", "usr/bin/x File" }, system.Describe());
    }

    [TestMethod]
    public async Task Documentation_is_left_out_and_licences_stay()
    {
        using var system = new TestSystem();
        await system.AddAsync(
            "demo",
            Folder("usr/share/doc/demo"), File("usr/share/doc/demo/copyright"), File("usr/share/doc/demo/changelog.gz"), File("usr/share/doc/demo/examples/copyright"),
            Link("usr/share/doc/libdemo", "demo"), File("usr/share/man/man1/demo.1.gz"), File("usr/share/locale/de/LC_MESSAGES/demo.mo"), File("usr/share/locale/locale.alias"),
            HardLink("usr/kept", "usr/share/doc/demo/changelog.gz"), File("usr/share/manual/x"));

        CollectionAssert.AreEqual(
            new[] { "usr/kept File", "usr/share/doc/demo/copyright File", "usr/share/doc/libdemo Symlink demo", "usr/share/locale/locale.alias File", "usr/share/manual/x File" },
            system.Describe());
    }

    [TestMethod]
    public async Task Patterns_of_a_user_come_last()
    {
        using var system = new TestSystem();
        system.Options = system.Options with { Filter = new([.. Debian.RootFileSystem.FileFilter.DefaultPatterns, "/usr/lib/*/gconv/**", "!usr/lib/x/gconv/gconv-modules", "opt"]) };
        await system.AddAsync("demo", File("usr/lib/x/gconv/EBCDIC.so"), File("usr/lib/x/gconv/gconv-modules"), File("opt/deep/x"), File("optional/x"));

        CollectionAssert.AreEqual(new[] { "lib Symlink usr/lib", "optional/x File", "usr/lib/x/gconv/gconv-modules File" }, system.Describe());
    }

    [TestMethod]
    public async Task Packages_for_every_architecture_are_a_layer_that_depends_on_no_other()
    {
        using var amd64 = new TestSystem();
        using var arm64 = new TestSystem();
        foreach (var (system, architecture) in new[] { (amd64, "amd64"), (arm64, "arm64") })
        {
            await system.AddAsync(new TestDeb { Name = "data", Architecture = "all", Entries = [Folder("usr"), Folder("usr/share", "750"), File("usr/share/data")] });
            await system.AddAsync(new TestDeb { Name = "a", Architecture = architecture, Entries = [Folder("usr", "700"), Folder("usr/share"), File($"usr/share/{architecture}", mode: "4755")] });
        }

        var one = amd64.Arrange();
        var two = arm64.Arrange();

        Assert.AreEqual("system-common", one.Layers[0].Title);
        CollectionAssert.AreEqual(
            await EntriesAsync(one.Layers[0]),
            await EntriesAsync(two.Layers[0]));
        Assert.AreEqual(Convert.ToInt32("750", 8), one.Layers[1].Files.Single(file => file.Path == "usr/share").Mode);
        new LayerPlan("image", [.. one.Layers.SelectMany(layer => layer.Files)]).Validate();
        var warning = one.Warnings.Single();
        Assert.AreEqual(DiagnosticCodes.SpecialMode, warning.Code);
        Assert.Contains("The package a 1.0-1 (amd64) has programs that run with another user's or group's rights: /usr/share/amd64.", warning.Message);
    }

    [TestMethod]
    public async Task The_order_of_packages_says_nothing()
    {
        using var system = new TestSystem();
        await system.AddAsync("b", Link("usr/share/doc/b", "a"), Folder("opt", "700"));
        await system.AddAsync("a", Folder("usr/share/doc/a"), File("usr/share/doc/a/copyright"), Folder("opt"));
        await system.AddAsync(new TestDeb { Name = "c", Architecture = "all", Entries = [Folder("opt", "750")] });
        var first = await Task.WhenAll(system.Arrange().Layers.Select(EntriesAsync));

        system.Packages.Reverse();
        var second = await Task.WhenAll(system.Arrange().Layers.Select(EntriesAsync));

        CollectionAssert.AreEqual(first.SelectMany(layer => layer).ToArray(), second.SelectMany(layer => layer).ToArray());
    }

    [TestMethod]
    public async Task A_file_of_a_package_and_of_the_app_names_both()
    {
        using var system = new TestSystem();
        await system.AddAsync("demo", File("lib/libdemo.so"));
        system.Options = system.Options with { OtherFiles = [new LayerFile("lib/libdemo.so", "/project/libdemo.so")] };

        Refuses(system, DiagnosticCodes.FileOfPackageAndApp, "'/lib/libdemo.so' is a file of the app ('/project/libdemo.so') and of the package demo 1.0-1 (amd64).");

        system.Options = system.Options with { OtherFiles = [new LayerFile("usr/lib/libdemo.so/x", "/project/x"), new LayerFile("etc/passwd", "/project/passwd")] };
        Refuses(system, DiagnosticCodes.FileOfPackageAndApp, "'/usr/lib/libdemo.so/x' is a file of the app ('/project/x') and of the package demo 1.0-1 (amd64): 'usr/lib/libdemo.so' is no directory.");

        system.Options = system.Options with { OtherFiles = [new LayerFile("etc/passwd", "/project/passwd"), new LayerFile("app/x", "/project/x")] };
        Assert.IsEmpty(system.Arrange().Layers.SelectMany(layer => layer.Files).Where(file => file.Path == "etc/passwd"), "the app's accounts count");
    }

    private static async Task<string[]> EntriesAsync(LayerPlan plan) =>
        [.. (await LayerRecipe.ReadAsync(plan, CancellationToken.None)).Entries.Select(entry => (entry with { Source = null }).ToString())];

    private static TreeEntry Symlink(string target) => new(TreeEntryType.Symlink, 0b111_111_111, 0, 0) { LinkTarget = target };

    private static void Refuses(TestSystem system, string code, string message)
    {
        var fault = Assert.ThrowsExactly<MultiArchException>(() => system.Arrange());
        Assert.AreEqual(code, fault.Code);
        Assert.Contains(message, fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }
}

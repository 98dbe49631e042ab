using System.Net.Sockets;
using System.Text;
using MultiArch.Oci.Layers;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Layers;

[TestClass]
public sealed class FileTreeTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public void Files_hidden_ones_and_empty_folders_come_in_ordinal_order()
    {
        using var folder = new TempDirectory();
        folder.Write("b.txt", "b");
        folder.Write("B.txt", "B");
        folder.Write("sub/a", "a");
        folder.Write("sub-a", "a");
        folder.Write(".hidden/.file", "h");
        folder.Write("ä", "ä");
        Directory.CreateDirectory(folder["empty/inner"]);

        var files = FileTree.Read(folder.Path, "app");

        CollectionAssert.AreEqual(
            new[] { "app/.hidden/.file", "app/B.txt", "app/b.txt", "app/empty/inner", "app/sub-a", "app/sub/a", "app/ä" },
            files.Select(file => file.Path).ToArray());
        Assert.AreEqual(folder["sub/a"], files.Single(file => file.Path == "app/sub/a").Source);
        Assert.AreEqual(LayerEntryType.Directory, files.Single(file => file.Path == "app/empty/inner").Type);
    }

    [TestMethod]
    public void An_empty_prefix_is_the_root_of_the_image()
    {
        using var folder = new TempDirectory();
        folder.Write("etc/app.conf", "x");

        Assert.AreEqual("etc/app.conf", FileTree.Read(folder.Path, "").Single().Path);
    }

    [TestMethod]
    [DataRow("link", "real/file", "real/file")]
    [DataRow("link", "./real/../real/file", "./real/../real/file")]
    [DataRow("real/link", "../other", "../other")]
    [DataRow("real/link", "file", "file")]
    [DataRow("link", "real", "real")]
    [DataRow("real/self", "..", "..")]
    [DataRow("link", "{root}/real/file", "real/file")]
    [DataRow("real/link", "{root}/other", "../other")]
    public void A_link_that_stays_inside_becomes_a_relative_link(string path, string target, string expected)
    {
        using var folder = new TempDirectory();
        folder.Write("real/file", "x");
        folder.Write("other", "o");
        Link(folder, path, target.Replace("{root}", folder.Path, StringComparison.Ordinal));

        var link = FileTree.Read(folder.Path, "app").Single(file => file.Type is LayerEntryType.Symlink);

        Assert.AreEqual($"app/{path}", link.Path);
        Assert.AreEqual(expected, link.LinkTarget);
    }

    [TestMethod]
    public void A_chain_of_links_stays_a_chain()
    {
        using var folder = new TempDirectory();
        folder.Write("lib.so.1.2", "x");
        Link(folder, "lib.so.1", "lib.so.1.2");
        Link(folder, "lib.so", "lib.so.1");

        CollectionAssert.AreEqual(new[] { "lib.so.1", "lib.so.1.2", null }, FileTree.Read(folder.Path, "").Select(file => file.LinkTarget).ToArray());
    }

    [TestMethod]
    [DataRow("missing", "leads nowhere", DisplayName = "dangling")]
    [DataRow("real/missing", "leads nowhere", DisplayName = "dangling in a folder")]
    [DataRow("/etc/hostname", "leaves the folder", DisplayName = "absolute")]
    [DataRow("../outside", "leaves the folder", DisplayName = "upwards")]
    [DataRow("{root}-sibling/x", "leaves the folder", DisplayName = "a folder whose name begins alike")]
    [DataRow("link", "leads in a circle", DisplayName = "to itself")]
    public void A_link_that_would_not_work_in_the_image_is_named(string target, string why)
    {
        using var folder = new TempDirectory();
        folder.Write("outside", "x");
        var root = folder["tree"];
        folder.Write("tree/real/file", "x");
        Link(folder, "tree/link", target.Replace("{root}", root, StringComparison.Ordinal));

        var error = Assert.ThrowsExactly<MultiArchException>(() => FileTree.Read(root, "app"));

        Assert.AreEqual(DiagnosticCodes.LinkLeavesImage, error.Code);
        Assert.Contains(folder["tree/link"], error.Message);
        Assert.Contains(why, error.Message);
    }

    [TestMethod]
    public void Two_links_to_each_other_are_a_circle()
    {
        using var folder = new TempDirectory();
        Link(folder, "one", "two");
        Link(folder, "two", "one");

        Assert.AreEqual(DiagnosticCodes.LinkLeavesImage, Assert.ThrowsExactly<MultiArchException>(() => FileTree.Read(folder.Path, "app")).Code);
    }

    [TestMethod]
    public void Going_up_behind_a_link_goes_up_from_where_the_link_leads()
    {
        using var folder = new TempDirectory();
        var root = folder["tree"];
        folder.Write("z", "outside");
        folder.Write("tree/a/b/z", "inside");
        Link(folder, "tree/a/b/up", "../..");
        Link(folder, "tree/a/b/link", "up/../z");

        var error = Assert.ThrowsExactly<MultiArchException>(() => FileTree.Read(root, "app"));

        Assert.AreEqual(DiagnosticCodes.LinkLeavesImage, error.Code);
        Assert.Contains("link' to 'up/../z'", error.Message);
    }

    [TestMethod]
    [Timeout(60_000)]
    public async Task A_named_pipe_is_refused_and_not_waited_for()
    {
        Tool.Require("mkfifo");
        using var folder = new TempDirectory();
        Shell.Text("mkfifo", [folder["pipe"]]);

        await RefusesAsync(folder.Path, folder["pipe"], "a named pipe");
    }

    [TestMethod]
    public async Task A_socket_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Sockets are files on Unix.");
        }

        using var folder = new TempDirectory();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder["socket"]));

        await RefusesAsync(folder.Path, folder["socket"], "a socket");
    }

    [TestMethod]
    public async Task A_device_is_refused()
    {
        Tool.Require("mknod");
        using var folder = new TempDirectory();
        if (Shell.Run("mknod", [folder["zero"], "c", "1", "5"]).ExitCode != 0)
        {
            Assert.Inconclusive("This user may not make a device.");
        }

        await RefusesAsync(folder.Path, folder["zero"], "a device");
    }

    [TestMethod]
    [DataRow(".wh.deleted")]
    [DataRow("new\nline")]
    [DataRow("back\\slash")]
    public void A_name_that_an_image_cannot_hold_is_refused(string name)
    {
        if (OperatingSystem.IsWindows() && name[0] != '.')
        {
            Assert.Inconclusive("Windows has no such file.");
        }

        using var folder = new TempDirectory();
        folder.Write(name, "x");

        Assert.AreEqual(DiagnosticCodes.InvalidPath, Assert.ThrowsExactly<MultiArchException>(() => FileTree.Read(folder.Path, "app")).Code);
    }

    [TestMethod]
    public void A_name_that_is_not_UTF_8_is_refused()
    {
        Tool.Require("sh");
        using var folder = new TempDirectory();
        Shell.Text("sh", ["-c", "cd \"$0\" && : > \"$(printf 'latin\\344')\"", folder.Path]);

        var error = Assert.ThrowsExactly<MultiArchException>(() => FileTree.Read(folder.Path, "app"));

        // .NET can no more delete such a file than open it.
        Shell.Text("sh", ["-c", "rm \"$0\"/*", folder.Path]);
        Assert.AreEqual(DiagnosticCodes.InvalidPath, error.Code);
        Assert.Contains("not valid Unicode", error.Message);
    }

    [TestMethod]
    public void A_folder_that_is_not_there_is_named()
    {
        using var folder = new TempDirectory();

        var error = Assert.ThrowsExactly<MultiArchException>(() => FileTree.Read(folder["gone"], "app"));

        Assert.AreEqual(DiagnosticCodes.FileVanished, error.Code);
        Assert.Contains(folder["gone"], error.Message);
    }

    [TestMethod]
    public async Task What_the_walk_finds_packs_and_extracts_to_the_same_tree()
    {
        Tool.Require("tar");
        using var folder = new TempDirectory();
        folder.Write("in/sub/file", "content");
        folder.Write("in/run.sh", "#!/bin/sh\n");
        Directory.CreateDirectory(folder["in/empty"]);
        Link(folder, "in/link", "sub/file");
        var tar = await Tar.Of(new LayerPlan("app", FileTree.Read(folder["in"], "app")), TestContext.CancellationToken);
        Directory.CreateDirectory(folder["out"]);

        Shell.Text("tar", ["-xf", "-", "-C", folder["out"], "--no-same-owner"], tar);

        Assert.AreEqual("content", await File.ReadAllTextAsync(folder["out/app/link"], Encoding.UTF8, TestContext.CancellationToken));
        Assert.IsTrue(Directory.Exists(folder["out/app/empty"]));
        Assert.IsTrue(OperatingSystem.IsWindows() || File.GetUnixFileMode(folder["out/app/run.sh"]).HasFlag(UnixFileMode.UserExecute));
    }

    /// <summary>Neither the walk nor a plan that somebody else made takes the file.</summary>
    private async Task RefusesAsync(string folder, string file, string kind)
    {
        var walk = Assert.ThrowsExactly<MultiArchException>(() => FileTree.Read(folder, "app"));
        var plan = await Assert.ThrowsExactlyAsync<MultiArchException>(
            () => LayerRecipe.ReadAsync(new LayerPlan("app", [new("app/x", file)]), TestContext.CancellationToken));

        foreach (var error in new[] { walk, plan })
        {
            Assert.AreEqual(DiagnosticCodes.NotARegularFile, error.Code);
            Assert.Contains(file, error.Message);
            Assert.Contains(kind, error.Message);
        }
    }

    private static void Link(TempDirectory folder, string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[path])!);
        File.CreateSymbolicLink(folder[path], target);
    }
}

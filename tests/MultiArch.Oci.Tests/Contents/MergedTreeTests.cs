using MultiArch.Oci.Contents;

namespace MultiArch.Oci.Tests.Contents;

[TestClass]
public sealed class MergedTreeTests
{
    [TestMethod]
    [DataRow("usr/lib/a", "usr/lib/a", DisplayName = "a plain path")]
    [DataRow("/lib/a", "usr/lib/a", DisplayName = "a link in front")]
    [DataRow("lib/nothing/there", "usr/lib/nothing/there", DisplayName = "a path that does not exist below a link")]
    [DataRow("var/run/x", "run/x", DisplayName = "an absolute link to what does not exist")]
    [DataRow("var/lib/../run/x", "run/x", DisplayName = "two dots after a directory")]
    [DataRow("lib/../x", "usr/x", DisplayName = "two dots after a link mean the parent of what it leads to")]
    [DataRow("../../x", "x", DisplayName = "two dots do not lead above the root")]
    [DataRow("up/x", "x", DisplayName = "nor do those of a link")]
    [DataRow("chain/a", "usr/lib/a", DisplayName = "links to links")]
    [DataRow("usr/lib/self", "usr/lib/self", DisplayName = "a link itself")]
    [DataRow("./usr//lib/./a/", "usr/lib/a", DisplayName = "dots and slashes")]
    public void A_path_leads_where_a_kernel_goes(string path, string expected)
    {
        var resolved = Merged().Resolve(path);

        Assert.IsNull(resolved.Fault);
        Assert.AreEqual(expected, resolved.Path);
    }

    [TestMethod]
    public void A_path_through_a_circle_or_a_file_leads_nowhere()
    {
        var tree = Merged();
        tree.Put("one", Link("two"));
        tree.Put("two", Link("/one"));

        Assert.AreEqual("its links go in a circle", tree.Resolve("one/x").Fault);
        Assert.AreEqual("'usr/lib/a' is no directory", tree.Resolve("lib/a/b").Fault);
        Assert.IsNull(tree.Find("lib/a/b"));
        var fault = Assert.ThrowsExactly<FormatException>(() => tree.Put("lib/a/b", File()));
        Assert.Contains("'usr/lib/a' is no directory", fault.Message);
    }

    [TestMethod]
    public void Forty_links_are_followed_and_no_more()
    {
        var tree = new MergedTree();
        tree.Put("0", File());
        for (var i = 1; i <= 41; i++)
        {
            tree.Put($"{i}", Link($"{i - 1}"));
        }

        Assert.IsNotNull(tree.Follow("40"));
        Assert.IsNull(tree.Follow("41"));
    }

    [TestMethod]
    public void A_program_gets_what_links_lead_to()
    {
        var tree = Merged();
        tree.Put("usr/lib/os-release", File() with { Content = "ID=debian"u8.ToArray() });
        tree.Put("etc/os-release", Link("../usr/lib/os-release"));

        Assert.AreEqual("ID=debian", System.Text.Encoding.UTF8.GetString(tree.ReadFile("/etc/os-release")!));
        Assert.AreEqual(TreeEntryType.Symlink, tree.Find("etc/os-release")!.Type);
        Assert.IsNull(tree.ReadFile("lib/a"), "its bytes were not kept");
        CollectionAssert.AreEqual(new[] { "a", "os-release", "self" }, tree.List("/lib").ToArray());
        Assert.IsEmpty(tree.List("nowhere"));
    }

    [TestMethod]
    public void A_directory_keeps_what_lies_in_it_and_anything_else_replaces_it()
    {
        var tree = Merged();
        tree.Put("usr/lib", Directory() with { Mode = 0b111_000_000 });
        Assert.IsNotNull(tree.Find("usr/lib/a"));

        var before = tree.Count;
        tree.Put("usr/lib", Link("other"));

        Assert.IsNull(tree.Find("usr/lib/a"));
        Assert.AreEqual(before - 2, tree.Count);
        Assert.AreEqual(tree.Count, tree.Entries().Count());
    }

    [TestMethod]
    public void A_whiteout_counts_for_lower_layers_alone_wherever_it_stands()
    {
        var tree = new MergedTree();
        var lower = new LayerOnTree(tree, 1);
        foreach (var path in new[] { "gone/a", "kept/a", "opaque/a", "opaque/deep/b", "file", "again" })
        {
            lower.Add(path, File());
        }

        var upper = new LayerOnTree(tree, 2);
        upper.Add("again", File() with { Size = 2 });
        upper.Add(".wh.again", File());
        upper.Add("opaque/new", File());
        upper.Add("opaque/.wh..wh..opq", File());
        upper.Add("opaque/deep/c", File());
        upper.Add(".wh.gone", File());
        upper.Add(".wh.file", File());
        upper.Add(".wh.never", File());
        upper.Add("kept/.wh..wh.plnk", File());

        CollectionAssert.AreEqual(
            new[] { "again", "kept", "kept/a", "opaque", "opaque/deep", "opaque/deep/c", "opaque/new" },
            tree.Entries().Select(entry => entry.Path).ToArray());
        Assert.AreEqual(2, tree.Find("again")!.Size);
        Assert.AreEqual(7, tree.Count);
    }

    [TestMethod]
    public void An_upper_layer_goes_through_a_link_and_its_directory_replaces_one()
    {
        var tree = new MergedTree();
        var lower = new LayerOnTree(tree, 1);
        lower.Add("usr/lib/a", File());
        lower.Add("lib", Link("usr/lib"));

        new LayerOnTree(tree, 2).Add("lib/b", File());
        Assert.IsNotNull(tree.Find("usr/lib/b"));

        new LayerOnTree(tree, 3).Add("lib/", Directory());
        Assert.AreEqual(TreeEntryType.Directory, tree.Find("lib")!.Type);
        Assert.IsNull(tree.Find("lib/a"));
    }

    [TestMethod]
    public void A_hard_link_is_its_file_and_one_to_nothing_is_refused()
    {
        var layer = new LayerOnTree(new MergedTree(), 1);
        layer.Add("a", File() with { Size = 3 });
        layer.AddHardLink("b", "./a");

        var fault = Assert.ThrowsExactly<FormatException>(() => layer.AddHardLink("c", "nothing"));
        Assert.AreEqual("'c' is a hard link to 'nothing', which does not exist", fault.Message);
        Assert.ThrowsExactly<FormatException>(() => layer.Add("a/../../b", File()));
    }

    [TestMethod]
    public void A_tree_is_a_file_and_a_file_of_something_else_is_no_tree()
    {
        var tree = Merged();
        tree.Put("etc/shadow", new TreeEntry(TreeEntryType.File, 0b110_100_000, 0, 42) { Size = 9, Content = "root:*:1\n"u8.ToArray() });
        tree.Put("tmp", Directory() with { Mode = 0b001_111_111_111, Uid = 3_000_000 });

        var file = TreeFile.Write(tree, "image one");
        var read = TreeFile.Read(file, "image one")!;

        CollectionAssert.AreEqual(Describe(tree), Describe(read));
        Assert.AreEqual("root:*:1\n", System.Text.Encoding.UTF8.GetString(read.ReadFile("etc/shadow")!));
        Assert.IsNull(TreeFile.Read(file, "image two"));
        for (var i = 0; i < file.Length; i++)
        {
            byte[] spoilt = [.. file];
            spoilt[i] ^= 0x10;
            Assert.IsNull(TreeFile.Read(spoilt, "image one"), $"byte {i}");
            Assert.IsNull(TreeFile.Read(file[..i], "image one"), $"cut at {i}");
        }
    }

    private static string[] Describe(MergedTree tree) =>
        [.. tree.Entries().Select(entry => $"{entry.Path} {entry.Entry with { Content = null }}")];

    private static MergedTree Merged()
    {
        var tree = new MergedTree();
        tree.Put("usr/lib/a", File());
        tree.Put("usr/lib/self", Link("a"));
        tree.Put("lib", Link("usr/lib"));
        tree.Put("chain", Link("/lib/."));
        tree.Put("up", Link("../../.."));
        tree.Put("var/run", Link("/run"));
        return tree;
    }

    private static TreeEntry File() => new(TreeEntryType.File, 0b110_100_100, 0, 0);

    private static TreeEntry Directory() => TreeEntry.ImpliedDirectory;

    private static TreeEntry Link(string target) => new(TreeEntryType.Symlink, 0b111_111_111, 0, 0) { LinkTarget = target };
}

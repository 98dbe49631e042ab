using System.Text;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Tests.Images;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Layers;

[TestClass]
public sealed class HardLinkTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task GNU_tar_unpacks_one_file_with_all_its_names()
    {
        Tool.Require("tar", "stat");
        using var folder = new TempDirectory();
        var longName = $"usr/share/{new string('z', 130)}";
        var plan = new LayerPlan("system",
        [
            new("usr/bin/perl", folder.Write("perl", "#!"), Mode: 0b111_101_101),
            LayerFile.HardLink("usr/bin/perl5.36.0", "usr/bin/perl"),
            LayerFile.HardLink(longName, "usr/bin/perl5.36.0"),
            LayerFile.HardLink("opt/perl", "usr/bin/perl"),
        ]);

        var tar = folder["layer.tar"];
        await File.WriteAllBytesAsync(tar, await Tar.Of(plan, TestContext.CancellationToken), TestContext.CancellationToken);
        var root = Directory.CreateDirectory(folder["root"]).FullName;
        Shell.Text("tar", ["-xf", tar, "-C", root]);

        string[] names = ["opt/perl", "usr/bin/perl", "usr/bin/perl5.36.0", longName];
        var inodes = names.Select(name => Shell.Text("stat", ["-c", "%i %h %a", Path.Combine(root, name)])).Distinct().ToList();
        Assert.HasCount(1, inodes);
        Assert.EndsWith(" 4 755\n", inodes[0]);
    }

    [TestMethod]
    public async Task The_file_stands_before_its_links_whatever_the_plan_calls_the_file()
    {
        using var folder = new TempDirectory();
        var source = folder.Write("file", "content");
        LayerPlan[] plans =
        [
            new("a", [new("b", source, Mode: 0b110_000_000, Uid: 3), LayerFile.HardLink("a", "b"), LayerFile.HardLink("c", "a")]),
            new("b", [LayerFile.HardLink("c", "a"), new("a", source, Mode: 0b110_000_000, Uid: 3), LayerFile.HardLink("b", "a")]),
        ];

        var recipes = new List<LayerRecipe>();
        foreach (var plan in plans)
        {
            recipes.Add(await LayerRecipe.ReadAsync(plan, TestContext.CancellationToken));
        }

        Assert.AreEqual(recipes[0].Identity, recipes[1].Identity);
        CollectionAssert.AreEqual(
            new[] { "a File  600 3", "b HardLink a 600 3", "c HardLink a 600 3" },
            recipes[0].Entries.Select(entry => $"{entry.Path} {entry.Type} {entry.LinkTarget} {Convert.ToString(entry.Mode, 8)} {entry.Uid}").ToArray());
    }

    [TestMethod]
    public async Task A_link_is_another_layer_than_a_copy_and_than_a_symlink()
    {
        using var folder = new TempDirectory();
        var file = new LayerFile("a", folder.Write("file", "content"));
        LayerFile[] seconds = [LayerFile.HardLink("b", "a"), LayerFile.Symlink("b", "a"), file with { Path = "b" }];

        var identities = new List<Digest>();
        foreach (var second in seconds)
        {
            identities.Add((await LayerRecipe.ReadAsync(new LayerPlan("app", [file, second]), TestContext.CancellationToken)).Identity);
        }

        CollectionAssert.AllItemsAreUnique(identities);
    }

    [TestMethod]
    public void A_link_to_what_is_no_file_of_the_layer_is_refused()
    {
        LayerPlan[] plans =
        [
            new("app", [LayerFile.HardLink("a", "elsewhere")]),
            new("app", [LayerFile.HardLink("a", "b"), LayerFile.HardLink("b", "a")]),
            new("app", [LayerFile.HardLink("a", "folder"), LayerFile.Directory("folder")]),
            new("app", [LayerFile.HardLink("a", "link"), LayerFile.Symlink("link", "x")]),
        ];

        foreach (var plan in plans)
        {
            var fault = Assert.ThrowsExactly<MultiArchException>(plan.Validate);
            Assert.AreEqual(DiagnosticCodes.InvalidPath, fault.Code);
            Assert.StartsWith("'a' is a hard link to", fault.Message);
        }
    }

    [TestMethod]
    public void A_plan_is_a_file_with_its_hard_links()
    {
        var plan = new ImagePlan("linux-x64", "scratch", [new LayerPlan("system", [new("a", "/source"), LayerFile.HardLink("b", "a")])], Sample.Settings);

        var bytes = plan.ToUtf8Bytes();

        Assert.AreEqual(plan.Layers[0].Files[1], ImagePlan.Parse(bytes).Layers[0].Files[1]);
        Assert.AreEqual(2, Encoding.UTF8.GetString(bytes).Split("HardLinkTarget").Length, "what is no hard link has no word of it");
    }
}

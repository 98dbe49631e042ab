using MultiArch.Oci.Layers;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Layers;

[TestClass]
public sealed class LayerRecipeTests
{
    private const int Executable = 0b111_101_101;
    private const int Plain = 0b110_100_100;

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task Identity_changes_with_every_field_that_reaches_the_tar()
    {
        using var folder = new TempDirectory();
        var file = new LayerFile("app/a", folder.Write("a", "content"));
        var same = folder.Write("elsewhere/copy", "content");
        var other = folder.Write("b", "contenT");
        var link = LayerFile.Symlink("app/link", "a");

        LayerPlan[] plans =
        [
            new("app", [file, link]),
            new("app", [file with { Path = "app/b" }, link]),
            new("app", [file with { Mode = Executable }, link]),
            new("app", [file with { Uid = 1 }, link]),
            new("app", [file with { Gid = 1 }, link]),
            new("app", [file with { Source = other }, link]),
            new("app", [file, link with { LinkTarget = "b" }]),
            new("app", [file, LayerFile.Directory("app/link")]),
            new("app", [file]),
            new("app", [file, link, LayerFile.Directory("app") with { Uid = 1 }]),
        ];
        var identities = new List<Digest>();
        foreach (var plan in plans)
        {
            identities.Add((await LayerRecipe.ReadAsync(plan, TestContext.CancellationToken)).Identity);
        }

        CollectionAssert.AllItemsAreUnique(identities);
        var moved = await LayerRecipe.ReadAsync(new LayerPlan("title", [link, file with { Source = same }]), TestContext.CancellationToken);
        Assert.AreEqual(identities[0], moved.Identity, "neither source, title nor order is part of it");
    }

    [TestMethod]
    public async Task The_mode_follows_the_content_and_not_the_host()
    {
        using var folder = new TempDirectory();
        var library = folder["lib.so"];
        await File.WriteAllBytesAsync(library, Inspection.SyntheticElf.Make(type: 3), TestContext.CancellationToken);
        var program = folder["program"];
        await File.WriteAllBytesAsync(program, Inspection.SyntheticElf.Make(type: 3, interpreter: "/lib/ld.so"), TestContext.CancellationToken);
        var fixedAddress = folder["fixed"];
        await File.WriteAllBytesAsync(fixedAddress, Inspection.SyntheticElf.Make(type: 2), TestContext.CancellationToken);
        var staticPie = folder["static-pie"];
        await File.WriteAllBytesAsync(staticPie, Inspection.SyntheticElf.Make(type: 3, isPie: true), TestContext.CancellationToken);
        var text = folder.Write("text", "#");
        var script = folder.Write("script", "#!");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(library, (UnixFileMode)Convert.ToInt32("4755", 8));
            File.SetUnixFileMode(text, (UnixFileMode)Convert.ToInt32("777", 8));
            File.SetUnixFileMode(script, (UnixFileMode)Convert.ToInt32("600", 8));
        }

        var recipe = await LayerRecipe.ReadAsync(
            new LayerPlan("app", [.. new[] { library, program, fixedAddress, staticPie, text, script }.Select(path => new LayerFile(Path.GetFileName(path), path))]),
            TestContext.CancellationToken);

        var modes = recipe.Entries.ToDictionary(entry => entry.Path, entry => entry.Mode);
        Assert.AreEqual(Plain, modes["lib.so"]);
        Assert.AreEqual(Executable, modes["program"]);
        Assert.AreEqual(Executable, modes["fixed"]);
        Assert.AreEqual(Executable, modes["static-pie"]);
        Assert.AreEqual(Plain, modes["text"]);
        Assert.AreEqual(Executable, modes["script"]);
    }

    [TestMethod]
    public async Task Every_parent_is_there_once_and_before_its_children()
    {
        using var folder = new TempDirectory();
        var source = folder.Write("a", "a");

        var recipe = await LayerRecipe.ReadAsync(
            new LayerPlan("app", [new("a/b/c/d", source), new("a/b-x", source), new("a/b/e", source), new("Z", source), LayerFile.Directory("a/b") with { Mode = 0b111_000_000, Uid = 5 }]),
            TestContext.CancellationToken);

        CollectionAssert.AreEqual(new[] { "Z", "a", "a/b", "a/b-x", "a/b/c", "a/b/c/d", "a/b/e" }, recipe.Entries.Select(entry => entry.Path).ToArray());
        Assert.AreEqual((Executable, 0), (recipe.Entries[1].Mode, recipe.Entries[1].Uid));
        Assert.AreEqual((0b111_000_000, 5), (recipe.Entries[2].Mode, recipe.Entries[2].Uid));
    }

    [TestMethod]
    public async Task Two_files_for_one_path_are_both_named()
    {
        using var folder = new TempDirectory();

        var error = await FailAsync(new("app/a", folder.Write("one", "1")), new("app/a", folder.Write("two", "2")));

        Assert.AreEqual(DiagnosticCodes.PathTwice, error.Code);
        Assert.Contains(folder["one"], error.Message);
        Assert.Contains(folder["two"], error.Message);
    }

    [TestMethod]
    public async Task Nothing_can_lie_below_a_file_or_a_link()
    {
        using var folder = new TempDirectory();
        var below = new LayerFile("app/x/y", folder.Write("two", "2"));

        var file = await FailAsync(new("app/x", folder.Write("one", "1")), below);
        var link = await FailAsync(below, LayerFile.Symlink("app/x", "elsewhere"));

        Assert.AreEqual(DiagnosticCodes.PathTwice, file.Code);
        Assert.Contains(folder["one"], file.Message);
        Assert.Contains(folder["two"], file.Message);
        Assert.AreEqual(DiagnosticCodes.PathTwice, link.Code);
        Assert.Contains("elsewhere", link.Message);
    }

    [TestMethod]
    public async Task A_directory_may_be_wished_for_twice_but_in_one_way()
    {
        var directory = LayerFile.Directory("data");

        var recipe = await LayerRecipe.ReadAsync(new LayerPlan("app", [directory, directory with { }]), TestContext.CancellationToken);

        Assert.HasCount(1, recipe.Entries);
        Assert.AreEqual(DiagnosticCodes.PathTwice, (await FailAsync(directory, directory with { Uid = 1 })).Code);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("/app")]
    [DataRow("app/")]
    [DataRow("app//a")]
    [DataRow("./app")]
    [DataRow("app/../etc/passwd")]
    [DataRow("app/.wh.a")]
    [DataRow("app/.wh..wh..opq/x")]
    [DataRow("app\\a")]
    [DataRow("app/a\nb")]
    [DataRow("app/a\0")]
    [DataRow("app/a\u007F")]
    [DataRow("app/\uFFFD")]
    public async Task A_path_that_an_image_cannot_hold_is_refused_in_one_line(string path)
    {
        using var folder = new TempDirectory();

        var error = await FailAsync(new LayerFile(path, folder.Write("source", "x")));

        Assert.AreEqual(DiagnosticCodes.InvalidPath, error.Code);
        Assert.Contains(folder["source"], error.Message);
        Assert.IsFalse(error.Message.Any(char.IsControl));
    }

    [TestMethod]
    public async Task Half_a_character_is_refused() =>
        Assert.AreEqual(DiagnosticCodes.InvalidPath, (await FailAsync(LayerFile.Directory("app/\uD83D"))).Code);

    [TestMethod]
    [DataRow("")]
    [DataRow("a\nb")]
    public async Task A_link_to_nothing_that_can_be_named_is_refused(string target) =>
        Assert.AreEqual(DiagnosticCodes.InvalidPath, (await FailAsync(LayerFile.Symlink("app/link", target))).Code);

    [TestMethod]
    public async Task A_file_that_exists_and_cannot_be_read_is_named()
    {
        if (!File.Exists("/proc/self/mem"))
        {
            Assert.Inconclusive("Only Linux has a file that even root cannot read from its start.");
        }

        var error = await FailAsync(new LayerFile("mem", "/proc/self/mem"));

        Assert.AreEqual(DiagnosticCodes.CannotRead, error.Code);
        Assert.Contains("/proc/self/mem", error.Message);
    }

    [TestMethod]
    public async Task A_folder_is_no_source_of_bytes()
    {
        using var folder = new TempDirectory();

        Assert.AreEqual(DiagnosticCodes.NotARegularFile, (await FailAsync(new LayerFile("app", folder.Path))).Code);
    }

    private async Task<MultiArchException> FailAsync(params LayerFile[] files) =>
        await Assert.ThrowsExactlyAsync<MultiArchException>(() => LayerRecipe.ReadAsync(new LayerPlan("app", files), TestContext.CancellationToken));
}

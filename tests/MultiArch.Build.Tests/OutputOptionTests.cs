using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary><c>dotnet publish -o</c>: the published files of each platform beside the image, in a folder that is the user's.</summary>
[TestClass]
public sealed class OutputOptionTests
{
    private const string App = """<ItemGroup><None Include="*.txt;sub/*.txt" CopyToPublishDirectory="Always" /></ItemGroup>""";

    [TestMethod]
    public async Task Each_platforms_files_are_in_its_folder_and_what_is_gone_from_the_app_goes_from_there_too()
    {
        using var project = (await TestProject.ConsoleAsync(App)).With("keep.txt", "keep").With("sub/old.txt", "old");
        (await project.PublishAsync("-o", "out")).ShouldSucceed();
        var output = Path.Combine(project.Folder, "out");
        CollectionAssert.AreEqual(
            new[] { "hello", "hello.deps.json", "hello.dll", "hello.pdb", "hello.runtimeconfig.json", "keep.txt", "sub/old.txt" },
            FilesBelow(Path.Combine(output, "linux-arm64")));
        Assert.HasCount(2, OciLayout.Read(Path.Combine(output, "image")).Images);
        await File.WriteAllTextAsync(Path.Combine(output, "linux-arm64", "mine.txt"), "the user's");
        File.Delete(Path.Combine(project.Folder, "sub", "old.txt"));
        project.With("keep.txt", "new!");

        (await project.PublishAsync("-o", "out")).ShouldSucceed();

        CollectionAssert.AreEqual(
            new[] { "hello", "hello.deps.json", "hello.dll", "hello.pdb", "hello.runtimeconfig.json", "keep.txt", "mine.txt" },
            FilesBelow(Path.Combine(output, "linux-arm64")));
        Assert.IsFalse(Directory.Exists(Path.Combine(output, "linux-arm64", "sub")));
        Assert.AreEqual("new!", await File.ReadAllTextAsync(Path.Combine(output, "linux-x64", "keep.txt")));
        Assert.IsFalse(OciLayout.Read(Path.Combine(output, "image"))["linux/arm64"].Entries.Any(entry => entry.Name is "app/mine.txt" or "app/sub/old.txt"));
    }

    [TestMethod]
    public async Task Two_apps_of_a_solution_do_not_share_a_folder()
    {
        using var one = await TestProject.ConsoleAsync(name: "one", folder: "one");
        var root = Path.GetDirectoryName(one.Folder)!;
        CopyApp(one, Path.Combine(root, "two"));
        await File.WriteAllTextAsync(Path.Combine(root, "all.slnx"), """<Solution><Project Path="one/one.csproj" /><Project Path="two/two.csproj" /></Solution>""");

        (await new CommandLine("dotnet", "publish", "all.slnx", "-p:PublishMultiArch=true", "-r", "linux-x64", "-o", "out", "-nodeReuse:false", "--tl:off")
        {
            WorkingDirectory = root,
            Environment = TestProject.CliEnvironment,
        }.RunAsync()).ShouldSucceed();

        foreach (var app in new[] { "one", "two" })
        {
            var entries = OciLayout.Read(Path.Combine(root, "out", app, "image")).Images.Single().Entries.Select(entry => entry.Name).ToList();
            Assert.Contains($"app/{app}.dll", entries);
            Assert.HasCount(1, entries.Where(name => name.EndsWith(".dll", StringComparison.Ordinal)));
            Assert.IsTrue(File.Exists(Path.Combine(root, "out", app, "linux-x64", $"{app}.dll")));
        }
    }

    [TestMethod]
    public async Task Nothing_is_written_through_a_link_and_nothing_is_removed_but_what_was_copied()
    {
        using var folder = new TempDirectory();
        folder.Write("published/a.txt", "new");
        folder.Write("published/deep/b.txt", "b");
        folder.Write("elsewhere.txt", "theirs");
        folder.Write("out/deep/theirs.txt", "theirs");
        File.CreateSymbolicLink(folder["out/a.txt"], folder["elsewhere.txt"]);
        var copy = new PublishedCopy(folder["out"], folder["list"]);

        await copy.UpdateAsync(folder["published"], CancellationToken.None);

        Assert.AreEqual("theirs", await File.ReadAllTextAsync(folder["elsewhere.txt"]));
        Assert.AreEqual("new", await File.ReadAllTextAsync(folder["out/a.txt"]));
        Directory.Delete(folder["published/deep"], recursive: true);
        File.SetLastWriteTimeUtc(folder["published/a.txt"], new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc));
        var written = File.GetLastWriteTimeUtc(folder["out/a.txt"]);

        await copy.UpdateAsync(folder["published"], CancellationToken.None);

        CollectionAssert.AreEqual(new[] { "a.txt", "deep/theirs.txt" }, FilesBelow(folder["out"]));
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(folder["out/a.txt"]), "The same bytes are the same file.");
    }

    private static string[] FilesBelow(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    private static void CopyApp(TestProject app, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(app.Folder))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file) == $"{app.Name}.csproj" ? $"{Path.GetFileName(folder)}.csproj" : Path.GetFileName(file)));
        }
    }
}

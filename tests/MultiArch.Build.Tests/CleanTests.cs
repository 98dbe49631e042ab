using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary><c>dotnet clean</c> takes away what a publish of ours made, and nothing else.</summary>
[TestClass]
public sealed class CleanTests
{
    [TestMethod]
    public async Task Clean_takes_away_plans_publish_folders_and_the_image_and_leaves_what_is_not_ours()
    {
        using var project = await TestProject.ConsoleAsync();
        (await project.PublishAsync()).ShouldSucceed();
        var output = Path.GetDirectoryName(project.ImageFolder)!;
        var multiarch = Path.Combine(project.Folder, "obj", "multiarch");
        Assert.IsTrue(File.Exists(Path.Combine(multiarch, "Release", TestProject.Framework, "linux-x64", "image.plan.json")));
        await File.WriteAllTextAsync(Path.Combine(output, "image.json"), "{}");
        var theirs = Path.Combine(output, "notes.txt");
        await File.WriteAllTextAsync(theirs, "the user's");

        (await project.DotnetAsync("clean", "-c", "Debug")).ShouldSucceed();
        Assert.IsTrue(File.Exists(Path.Combine(project.ImageFolder, "index.json")), "Another configuration is not cleaned.");

        (await project.DotnetAsync("clean", "-c", "Release", "-bl:clean.binlog")).ShouldSucceed();

        Assert.IsFalse(Directory.Exists(project.ImageFolder));
        Assert.IsFalse(File.Exists(Path.Combine(output, "image.json")));
        Assert.IsFalse(Directory.Exists(Path.Combine(multiarch, "Release", TestProject.Framework)));
        Assert.IsTrue(File.Exists(Path.Combine(multiarch, "linux-x64", "project.assets.json")), "A restore stays, as .NET's own does.");
        Assert.IsTrue(File.Exists(theirs));
        Assert.Contains("_MultiArchClean", BinaryLog.Read(Path.Combine(project.Folder, "clean.binlog")).Names(), "The name that the next test looks for.");
    }

    [TestMethod]
    public async Task A_folder_named_image_that_is_no_layout_stays_and_a_build_runs_nothing_of_ours()
    {
        using var project = await TestProject.ConsoleAsync();
        (await project.DotnetAsync("build", "-c", "Release", "-bl:build.binlog")).ShouldSucceed();
        var theirs = Path.Combine(project.ImageFolder, "index.json");
        Directory.CreateDirectory(project.ImageFolder);
        await File.WriteAllTextAsync(theirs, "the user's");

        (await project.DotnetAsync("clean", "-c", "Release")).ShouldSucceed();

        Assert.IsTrue(File.Exists(theirs));
        var ours = BinaryLog.Read(Path.Combine(project.Folder, "build.binlog")).Names().Where(name => name.Contains("MultiArch", StringComparison.Ordinal));
        Assert.AreEqual("", string.Join(' ', ours));
    }
}

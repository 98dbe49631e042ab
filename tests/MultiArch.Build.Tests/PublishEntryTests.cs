using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Every way in gives the same image, and what is no publish does nothing.</summary>
[TestClass]
public sealed class PublishEntryTests
{
    private const string InProject = "<PropertyGroup><PublishMultiArch>true</PublishMultiArch></PropertyGroup>";

    [TestMethod]
    public async Task The_target_gives_the_same_digest_as_dotnet_publish()
    {
        using var project = await TestProject.WebAsync();
        var publish = (await project.PublishAsync()).ShouldSucceed().PublishedDigest();

        var target = (await project.DotnetAsync("msbuild", "-restore", "-t:PublishMultiArchImage", "-p:Configuration=Release")).ShouldSucceed();

        Assert.AreEqual(publish, target.PublishedDigest());
    }

    [TestMethod]
    public async Task A_Publish_that_the_CLI_did_not_start_makes_the_image_too()
    {
        using var project = await TestProject.ConsoleAsync(InProject);

        var publish = (await project.DotnetAsync("msbuild", "-restore", "-t:Publish", "-p:Configuration=Release")).ShouldSucceed();

        Assert.AreEqual(OciLayout.Read(project.ImageFolder).IndexDigest.ToString(), publish.PublishedDigest());
    }

    [TestMethod]
    public async Task The_result_can_be_asked_for_as_JSON()
    {
        using var project = await TestProject.ConsoleAsync();

        var publish = (await project.PublishAsync("-getTargetResult:PublishMultiArchImage")).ShouldSucceed();

        StringAssert.Contains(publish.StandardOutput, $"\"Digest\": \"{OciLayout.Read(project.ImageFolder).IndexDigest}\"");
    }

    [TestMethod]
    public async Task A_plain_build_runs_nothing_of_ours()
    {
        using var project = await TestProject.ConsoleAsync(InProject);

        (await project.DotnetAsync("build", "-c", "Release", "-bl:build.binlog")).ShouldSucceed();

        var ours = BinaryLog.Read(Path.Combine(project.Folder, "build.binlog")).Names()
            .Where(name => name.Contains("MultiArch", StringComparison.Ordinal) || name is "WriteImagePlan" or "ValidateImage" or "FingerprintCompilation");
        Assert.AreEqual("", string.Join(' ', ours));
        Assert.IsTrue(File.Exists(Path.Combine(project.Folder, "bin", "Release", TestProject.Framework, "hello.dll")));
        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "obj", "multiarch")));
    }

    [TestMethod]
    public async Task Without_the_flag_a_publish_is_dotnets_own()
    {
        using var project = await TestProject.ConsoleAsync();

        (await project.DotnetAsync("publish")).ShouldSucceed();

        Assert.IsTrue(File.Exists(Path.Combine(project.Folder, "bin", "Release", TestProject.Framework, "publish", "hello.dll")));
        Assert.IsFalse(Directory.Exists(project.ImageFolder));
    }

    [TestMethod]
    public async Task The_app_ships_nothing_of_the_package()
    {
        using var project = await TestProject.ConsoleAsync();

        (await project.PublishAsync()).ShouldSucceed();

        var image = OciLayout.Read(project.ImageFolder)["linux/amd64"];
        Assert.IsFalse(image.Entries.Any(entry => entry.Name.Contains("MultiArch", StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain("MultiArch", System.Text.Encoding.UTF8.GetString(image.Read("app/hello.deps.json")));
    }
}

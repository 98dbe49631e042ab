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
    [DataRow("publish", "-p:PublishMultiArch=true")]
    [DataRow("msbuild", "-restore", "-t:PublishMultiArchImage", "-p:Configuration=Release")]
    [DataRow("msbuild", "-restore", "-t:Publish", "-p:Configuration=Release", "-p:PublishMultiArch=true")]
    public async Task What_hangs_on_PublishMultiArchImage_runs_once_and_reads_the_index(params string[] command)
    {
        using var project = await TestProject.ConsoleAsync("""
            <Target Name="WriteDigest" AfterTargets="PublishMultiArchImage">
              <WriteLinesToFile File="image.digest" Lines="@(MultiArchIndex->'%(Digest)')" />
            </Target>
            """);

        (await project.DotnetAsync(command)).ShouldSucceed();

        Assert.AreEqual($"{OciLayout.Read(project.ImageFolder).IndexDigest}\n", await File.ReadAllTextAsync(Path.Combine(project.Folder, "image.digest")));
    }

    [TestMethod]
    public async Task A_hook_on_Publish_that_works_for_a_plain_publish_works_for_the_index()
    {
        using var project = await TestProject.ConsoleAsync("""
            <Target Name="Hash" AfterTargets="Publish"><Exec Command="sha256sum '$(TargetPath)' '$(PublishDir)hello.dll'" /></Target>
            """);

        (await project.PublishAsync()).ShouldSucceed();
    }

    [TestMethod]
    public async Task A_publish_profile_may_ask_for_it()
    {
        using var project = await TestProject.WebAsync();
        project.With("Properties/PublishProfiles/Image.pubxml", """
            <Project>
              <PropertyGroup>
                <PublishMultiArch>true</PublishMultiArch>
                <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
                <PublishDir>bin/Release/net10.0/publish/</PublishDir>
              </PropertyGroup>
            </Project>
            """);

        (await project.DotnetAsync("publish", "-p:PublishProfile=Image")).ShouldSucceed();

        Assert.HasCount(2, OciLayout.Read(project.ImageFolder).Images);
        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "bin", "Release", TestProject.Framework, "publish")));
    }

    [TestMethod]
    public async Task A_referenced_app_is_built_and_not_published()
    {
        using var tool = await TestProject.ConsoleAsync("""<PropertyGroup><PublishMultiArch>true</PublishMultiArch><RuntimeIdentifiers>linux-x64;linux-arm64</RuntimeIdentifiers></PropertyGroup>""", name: "tool");
        using var project = await TestProject.ConsoleAsync($"""
            <PropertyGroup><ContainerRuntimeIdentifiers>linux-arm64</ContainerRuntimeIdentifiers><PublishMultiArch>true</PublishMultiArch></PropertyGroup>
            <ItemGroup><ProjectReference Include="{tool.Folder}/tool.csproj" /></ItemGroup>
            """);

        (await project.DotnetAsync("publish")).ShouldSucceed();

        Assert.IsFalse(Directory.Exists(tool.ImageFolder));
        Assert.IsFalse(Directory.Exists(Path.Combine(tool.Folder, "obj", "multiarch")));
        var image = OciLayout.Read(project.ImageFolder).Images.Single();
        foreach (var program in new[] { "app/hello", "app/tool" })
        {
            Assert.AreEqual(0xB7, BitConverter.ToUInt16(image.Read(program), 18), $"{program}: e_machine of AArch64");
        }
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

    /// <summary>.NET publishes a tool to pack it.</summary>
    [TestMethod]
    [DataRow("<PublishMultiArch>true</PublishMultiArch>")]
    [DataRow("<PublishProfile>DefaultContainer</PublishProfile>")]
    public async Task Packing_a_tool_makes_no_image(string asks)
    {
        using var project = await TestProject.ConsoleAsync($"<PropertyGroup><PackAsTool>true</PackAsTool><ContainerArchiveOutputPath>image.tar</ContainerArchiveOutputPath>{asks}</PropertyGroup>");

        var pack = (await project.DotnetAsync("pack")).ShouldSucceed();

        Assert.DoesNotContain("@sha256:", pack.Output);
        Assert.IsFalse(File.Exists(Path.Combine(project.Folder, "image.tar")));
        Assert.IsTrue(File.Exists(Path.Combine(project.Folder, "bin/Release/hello.1.0.0.nupkg")), pack.Output);
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

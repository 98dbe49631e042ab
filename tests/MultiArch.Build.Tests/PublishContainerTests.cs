using System.Text.Json;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The SDK's own way to publish an image, <c>-t:PublishContainer</c>, goes through us with the SDK's defaults.</summary>
[TestClass]
public sealed class PublishContainerTests
{
    private const string TwoPlatforms = "<PropertyGroup><RuntimeIdentifiers>linux-x64;linux-arm64;win-x64</RuntimeIdentifiers></PropertyGroup>";

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task Several_platforms_are_compiled_once_and_joined_in_an_index()
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var project = await TestProject.ConsoleAsync(TwoPlatforms);

        var publish = (await project.DotnetInProcessAsync(
            "publish", "-t:PublishContainer", $"-p:ContainerRegistry={registry.Address}", "-bl:publish.binlog",
            "-getTargetResult:PublishContainer", "-getProperty:GeneratedContainerDigest", "-getProperty:GeneratedContainerMediaType", "-getProperty:GeneratedImageIndex")).ShouldSucceed();

        Assert.AreEqual(1, BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog")).CountTasks("Csc", "hello.csproj"), publish.Output);
        using var results = JsonDocument.Parse(publish.StandardOutput);
        var properties = results.RootElement.GetProperty("Properties");
        var index = await PushedManifest.GetAsync(registry, "hello", "latest", TestContext.CancellationToken);
        Assert.AreEqual(index.Digest, properties.GetProperty("GeneratedContainerDigest").GetString());
        Assert.AreEqual("application/vnd.oci.image.index.v1+json", properties.GetProperty("GeneratedContainerMediaType").GetString());
        Assert.AreEqual(index.Text, properties.GetProperty("GeneratedImageIndex").GetString());
        var containers = results.RootElement.GetProperty("TargetResults").GetProperty("PublishContainer").GetProperty("Items");
        CollectionAssert.AreEqual(
            index.Document.RootElement.GetProperty("manifests").EnumerateArray().Select(entry => entry.GetProperty("digest").GetString()).ToArray(),
            containers.EnumerateArray().Select(container => container.GetProperty("ManifestDigest").GetString()).ToArray());
        Assert.AreEqual(2, containers.GetArrayLength());
        foreach (var container in containers.EnumerateArray())
        {
            Assert.AreEqual(
                container.GetProperty("ManifestDigest").GetString(),
                Oci.Digest.Of(System.Text.Encoding.UTF8.GetBytes(container.GetProperty("Manifest").GetString()!)).ToString());
        }
    }

    [TestMethod]
    public async Task One_platform_is_compiled_once_and_is_a_plain_image()
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var project = await TestProject.ConsoleAsync(TwoPlatforms);

        var publish = (await project.DotnetInProcessAsync(
            "publish", "-t:PublishContainer", "-r", "linux-arm64", $"-p:ContainerRegistry={registry.Address}", "-p:ContainerImageTags=\"1.0;latest\"", "-bl:publish.binlog",
            "-getTargetResult:PublishContainer", "-getItem:GeneratedContainerName", "-getProperty:GeneratedContainerDigest",
            "-getProperty:GeneratedContainerManifest", "-getProperty:GeneratedContainerConfiguration", "-getProperty:GeneratedImageIndex")).ShouldSucceed();

        Assert.AreEqual(1, BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog")).CountTasks("Csc", "hello.csproj"), publish.Output);
        using var results = JsonDocument.Parse(publish.StandardOutput);
        var properties = results.RootElement.GetProperty("Properties");
        var image = await PushedManifest.GetAsync(registry, "hello", "1.0", TestContext.CancellationToken);
        Assert.AreEqual("application/vnd.oci.image.manifest.v1+json", image.MediaType);
        Assert.AreEqual(image.Digest, properties.GetProperty("GeneratedContainerDigest").GetString());
        Assert.AreEqual(image.Text, properties.GetProperty("GeneratedContainerManifest").GetString());
        using var configuration = JsonDocument.Parse(properties.GetProperty("GeneratedContainerConfiguration").GetString()!);
        Assert.AreEqual("arm64", configuration.RootElement.GetProperty("architecture").GetString());
        Assert.AreEqual("", properties.GetProperty("GeneratedImageIndex").GetString());
        CollectionAssert.AreEqual(
            new[] { $"{registry.Address}/hello:1.0", $"{registry.Address}/hello:latest" },
            results.RootElement.GetProperty("Items").GetProperty("GeneratedContainerName").EnumerateArray().Select(name => name.GetProperty("Identity").GetString()).ToArray());
    }

    /// <summary>A response file stands for every place where the command line does not show the target: worker nodes, IDEs, hooks.</summary>
    [TestMethod]
    public async Task Where_the_target_cannot_be_foreseen_the_image_is_the_same()
    {
        using var project = await TestProject.ConsoleAsync(TwoPlatforms + Report("PublishContainer"));
        var seen = (await project.DotnetInProcessAsync("publish", "-t:PublishContainer", "-p:ContainerArchiveOutputPath=seen/")).ShouldSucceed();
        Assert.AreEqual(Path.Combine(project.Folder, "seen", "hello.tar.gz"), Reported(seen, "archive"));
        Assert.IsTrue(File.Exists(Reported(seen, "archive")), seen.Output);

        project.With("Directory.Build.rsp", "-t:PublishContainer\n");
        var unseen = (await project.DotnetInProcessAsync("publish", "-p:ContainerArchiveOutputPath=unseen/hello.tar")).ShouldSucceed();
        Assert.AreEqual(Path.Combine(project.Folder, "unseen", "hello.tar"), Reported(unseen, "archive"));
        Assert.IsTrue(File.Exists(Reported(unseen, "archive")), unseen.Output);

        foreach (var result in new[] { "digest", "type", "containers", "images", "index" })
        {
            Assert.AreNotEqual("", Reported(seen, result), result);
            Assert.AreEqual(Reported(seen, result), Reported(unseen, result), result);
        }
    }

    [TestMethod]
    public async Task MSBuild_alone_publishes_with_what_hangs_on_the_SDKs_targets()
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var project = await TestProject.ConsoleAsync($$"""
            <PropertyGroup><PublishContainerDependsOn>NameRepository</PublishContainerDependsOn></PropertyGroup>
            <Target Name="NameRepository"><PropertyGroup><ContainerRepository>me/named</ContainerRepository></PropertyGroup></Target>
            <Target Name="NameTag" BeforeTargets="ComputeContainerConfig"><PropertyGroup><ContainerImageTag>by-target</ContainerImageTag></PropertyGroup></Target>
            {{Report("PublishContainer")}}
            """);

        var publish = (await project.DotnetInProcessAsync("msbuild", "-restore", "-t:PublishContainer", "-p:Configuration=Release", $"-p:ContainerRegistry={registry.Address}")).ShouldSucceed();

        Assert.AreEqual($"{registry.Address}/me/named:by-target", Reported(publish, "names"));
        Assert.AreEqual((await PushedManifest.GetAsync(registry, "me/named", "by-target", TestContext.CancellationToken)).Digest, Reported(publish, "digest"));
    }

    /// <summary>What such a target sets comes late in the SDK as well, but before the image is made.</summary>
    [TestMethod]
    [DataRow("publish", "-t:PublishContainer")]
    [DataRow("publish", "-p:PublishProfile=DefaultContainer")]
    [DataRow("msbuild", "-restore", "-t:PublishContainer", "-p:Configuration=Release", DisplayName = "where the target cannot be foreseen")]
    public async Task A_target_before_PublishContainer_names_the_image(params string[] command)
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var project = await TestProject.ConsoleAsync($$"""
            <Target Name="NameTag" BeforeTargets="PublishContainer"><PropertyGroup><ContainerImageTags>by-target;latest</ContainerImageTags></PropertyGroup></Target>
            {{Report("PublishContainer")}}
            """);

        var publish = (await project.DotnetInProcessAsync([.. command, $"-p:ContainerRegistry={registry.Address}"])).ShouldSucceed();

        Assert.AreEqual($"{registry.Address}/hello:by-target;{registry.Address}/hello:latest", Reported(publish, "names"));
        Assert.AreEqual((await PushedManifest.GetAsync(registry, "hello", "by-target", TestContext.CancellationToken)).Digest, Reported(publish, "digest"));
    }

    [TestMethod]
    public async Task PublishMultiArch_comes_first_when_both_are_asked_for()
    {
        using var project = await TestProject.ConsoleAsync("<PropertyGroup><ContainerRuntimeIdentifier>linux-x64</ContainerRuntimeIdentifier></PropertyGroup>" + Report("PublishContainer"));

        var publish = (await project.PublishAsync("-t:PublishContainer")).ShouldSucceed();

        var layout = OciLayout.Read(project.ImageFolder);
        Assert.AreEqual("linux/amd64", string.Join(' ', layout.Images.Select(image => image.Platform)));
        Assert.AreEqual(layout.IndexDigest.ToString(), Reported(publish, "digest"));
    }

    [TestMethod]
    public async Task A_library_named_itself_is_an_error_and_one_of_a_solution_is_passed_over()
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var app = await TestProject.ConsoleAsync();
        using var library = await TestProject.ConsoleAsync("<PropertyGroup><OutputType>Library</OutputType></PropertyGroup>", name: "library");
        library.With("Program.cs", "namespace Library;\n\npublic static class Nothing;\n");
        app.With("all.slnx", $"""<Solution><Project Path="hello.csproj" /><Project Path="{Path.GetRelativePath(app.Folder, library.Folder)}/library.csproj" /></Solution>""");

        (await library.DotnetInProcessAsync("publish", "-t:PublishContainer")).ShouldFailWith("MARCH1013");
        (await app.DotnetInProcessAsync("publish", "hello.csproj", "-t:PublishContainer", "-p:IsPublishable=false")).ShouldFailWith("MARCH1013");
        var publish = (await app.DotnetInProcessAsync("publish", "all.slnx", "-t:PublishContainer", $"-p:ContainerRegistry={registry.Address}")).ShouldSucceed();

        CollectionAssert.AreEqual(new[] { "latest" }, registry.Tags("hello").ToArray());
        Assert.IsEmpty(registry.Tags("library"));
        Assert.Contains("library: no image is made of a library", publish.Output);
    }

    [TestMethod]
    public async Task A_project_that_turns_container_support_off_is_published_plainly()
    {
        using var project = await TestProject.ConsoleAsync("<PropertyGroup><EnableSdkContainerSupport>false</EnableSdkContainerSupport></PropertyGroup>");

        var publish = (await project.DotnetInProcessAsync("publish", "-t:PublishContainer", "-p:ContainerArchiveOutputPath=hello.tar")).ShouldSucceed();

        Assert.Contains("hello: no image is made", publish.Output);
        Assert.IsTrue(File.Exists(Path.Combine(project.Folder, "bin", "Release", TestProject.Framework, "publish", "hello.dll")));
        Assert.IsFalse(File.Exists(Path.Combine(project.Folder, "hello.tar")));
    }

    /// <summary>A target that prints every result, one a line, for <see cref="Reported"/>.</summary>
    private static string Report(string after) => $"""
        <Target Name="Report" AfterTargets="{after}">
          <Message Importance="high" Text="result digest: $(GeneratedContainerDigest)" />
          <Message Importance="high" Text="result type: $(GeneratedContainerMediaType)" />
          <Message Importance="high" Text="result archive: $(GeneratedArchiveOutputPath)" />
          <Message Importance="high" Text="result index: $(GeneratedImageIndex)" />
          <Message Importance="high" Text="result names: @(GeneratedContainerName)" />
          <Message Importance="high" Text="result containers: @(GeneratedContainer->'%(ManifestDigest) %(ManifestMediaType)')" />
          <Message Importance="high" Text="result images: @(MultiArchImage->'%(RuntimeIdentifier)')" />
        </Target>
        """;

    private static string Reported(CommandResult result, string name) =>
        result.Output.Split('\n').Select(line => line.Trim()).Single(line => line.StartsWith($"result {name}:", StringComparison.Ordinal))[$"result {name}:".Length..].Trim();
}

using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The SDK's container profile, and publish profiles like it.</summary>
[TestClass]
public sealed class DefaultContainerTests
{
    public required TestContext TestContext { get; init; }

    /// <summary>Without us a console project has no such profile: NETSDK1198, and no image.</summary>
    [TestMethod]
    public async Task The_profile_publishes_a_console_app_and_says_nothing_of_a_missing_file()
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var project = await TestProject.ConsoleAsync();

        var publish = (await project.DotnetAsync("publish", "-p:PublishProfile=DefaultContainer", $"-p:ContainerRegistry={registry.Address}", "-bl:publish.binlog")).ShouldSucceed();

        Assert.DoesNotContain("NETSDK1198", publish.Output);
        Assert.AreEqual((await PushedManifest.GetAsync(registry, "hello", "latest", TestContext.CancellationToken)).Digest, publish.PublishedDigest());
        Assert.AreEqual(1, BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog")).CountTasks("Csc", "hello.csproj"), publish.Output);
    }

    [TestMethod]
    [DataRow("publish", "-p:PublishProfile=DefaultContainer")]
    [DataRow("publish", "-p:PublishProfile=Mine")]
    [DataRow("msbuild", "-restore", "-t:Publish", "-p:Configuration=Release", "-p:PublishProfile=Mine")]
    public async Task A_web_app_is_published_once_for_each_platform(params string[] command)
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var project = await TestProject.WebAsync("""
            <PropertyGroup><ContainerRuntimeIdentifiers>linux-x64;linux-arm64</ContainerRuntimeIdentifiers></PropertyGroup>
            <Target Name="Count" AfterTargets="PublishContainer"><Message Importance="high" Text="containers: @(GeneratedContainer->Count())" /></Target>
            """);
        project.With("Properties/PublishProfiles/Mine.pubxml", "<Project><PropertyGroup><WebPublishMethod>Container</WebPublishMethod></PropertyGroup></Project>");

        var publish = (await project.DotnetAsync([.. command, $"-p:ContainerRegistry={registry.Address}"])).ShouldSucceed();

        var index = await PushedManifest.GetAsync(registry, "web", "latest", TestContext.CancellationToken);
        Assert.AreEqual(2, index.Document.RootElement.GetProperty("manifests").GetArrayLength());
        Assert.AreEqual("containers: 2", string.Join('|', publish.Output.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("containers:", StringComparison.Ordinal))));
    }
}

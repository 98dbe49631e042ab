using System.Text.Json;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>With a registry named, the same command pushes.</summary>
[TestClass]
public sealed class RegistryTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task A_push_makes_exactly_the_tags_that_were_named_and_one_OCI_index()
    {
        Tool.Require("skopeo");
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var project = await TestProject.ConsoleAsync();

        var publish = (await project.PublishAsync($"-p:ContainerRegistry={registry.Address}", "-p:ContainerImageTags=\"1.0;latest\"")).ShouldSucceed();

        CollectionAssert.AreEquivalent(new[] { "1.0", "latest" }, registry.Tags("hello").ToArray());
        Assert.Contains($"hello -> {registry.Address}/hello@{publish.PublishedDigest()}", publish.Output);
        var raw = (await new CommandLine("skopeo", "inspect", "--raw", "--tls-verify=false", $"docker://{registry.Address}/hello:1.0").RunAsync()).ShouldSucceed();
        using var index = JsonDocument.Parse(raw.StandardOutput);
        Assert.AreEqual("application/vnd.oci.image.index.v1+json", index.RootElement.GetProperty("mediaType").GetString());
        Assert.AreEqual(
            "amd64 arm64",
            string.Join(' ', index.RootElement.GetProperty("manifests").EnumerateArray().Select(entry => entry.GetProperty("platform").GetProperty("architecture").GetString())));
        Assert.AreEqual(publish.PublishedDigest(), Oci.Digest.Of(System.Text.Encoding.UTF8.GetBytes(raw.StandardOutput.TrimEnd('\n'))).ToString());
        Assert.IsFalse(Directory.Exists(project.ImageFolder), "A registry was named: no layout is made.");
    }

    [TestMethod]
    public async Task A_registry_and_a_layout_hold_the_same_index()
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var project = await TestProject.WebAsync();

        var layout = (await project.PublishAsync()).ShouldSucceed();
        var pushed = (await project.PublishAsync($"-p:ContainerRegistry={registry.Address}")).ShouldSucceed();

        Assert.AreEqual(layout.PublishedDigest(), pushed.PublishedDigest());
    }

    [TestMethod]
    public async Task The_layers_of_a_base_in_the_same_registry_are_mounted()
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var @base = await TestProject.ConsoleAsync(name: "base");
        (await @base.PublishAsync($"-p:ContainerRegistry={registry.Address}")).ShouldSucceed();
        using var project = await TestProject.ConsoleAsync();

        var publish = (await project.PublishAsync(
            $"-p:ContainerBaseImage={registry.Address}/base:latest", $"-p:ContainerRegistry={registry.Address}", "-v:d")).ShouldSucceed();

        Assert.HasCount(2, publish.Output.Split('\n').Where(line => line.Contains("Mounted sha256:", StringComparison.Ordinal)).ToList(), publish.Output);
        Assert.DoesNotContain("MARCH3023", publish.Output, "What the base offers is not looked at in this project.");
    }

    [TestMethod]
    public async Task A_cancelled_publish_is_never_a_success()
    {
        Tool.Require("kill");
        using var registry = new ScriptedRegistry();
        registry.On("HEAD", "/", new Reply(200) { Fault = Fault.Stall });
        using var project = await TestProject.ConsoleAsync();
        var command = project.Dotnet("publish", "-p:PublishMultiArch=true", $"-p:ContainerRegistry={registry.Address}");
        await using var publish = command.Start();
        await registry.Stalled.WaitAsync(TimeSpan.FromMinutes(2), TestContext.CancellationToken);

        (await new CommandLine("kill", "-INT", $"{publish.Id}").RunAsync()).ShouldSucceed();
        await publish.WaitForExitAsync(TestContext.CancellationToken);

        Assert.AreNotEqual(0, publish.ExitCode, publish.Output);
        Assert.DoesNotContain("hello -> 127.0.0.1", publish.Output);
        Assert.DoesNotContain("MARCH9001", publish.Output);
        Assert.DoesNotContain("   at ", publish.Output);
    }
}

using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What a push finds in registries, from the command line.</summary>
[TestClass]
public sealed class RegistryCacheTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task A_cache_that_cannot_be_reached_is_a_warning_and_a_push_of_what_has_not_changed_asks_for_the_tag_and_the_platforms_alone()
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var proxy = new RecordingProxy(registry.Address);
        using var gone = new ScriptedRegistry();
        var cache = $"{gone.Address}/me/app:main";
        gone.Dispose();
        using var project = await TestProject.ConsoleAsync($"<PropertyGroup><MultiArchCacheFrom>{proxy.Address}/none;{cache}</MultiArchCacheFrom></PropertyGroup>");

        var first = (await project.PublishAsync($"-p:ContainerRegistry={proxy.Address}")).ShouldSucceed();

        Assert.Contains($"warning MARCH4020: MultiArchCacheFrom '{cache}' cannot be used", first.Output);
        Assert.Contains($"MARCH4020: MultiArchCacheFrom '{proxy.Address}/none:latest' does not exist", first.Output);
        Assert.Contains("uploaded", first.Output);
        proxy.Clear();

        var second = (await project.PublishAsync($"-p:ContainerRegistry={proxy.Address}")).ShouldSucceed();

        Assert.AreEqual(first.PublishedDigest(), second.PublishedDigest());
        Assert.HasCount(3, proxy.Lines);
        Assert.Contains("HEAD /v2/hello/manifests/latest", proxy.Lines);
        Assert.HasCount(2, proxy.Lines.Where(line => line.StartsWith("HEAD /v2/hello/manifests/sha256:", StringComparison.Ordinal)));
        Assert.DoesNotContain("MARCH4020", second.Output);
        Assert.DoesNotContain("uploaded", second.Output);
        Assert.Contains("layers: 0 new, ", second.Output);
    }

    [TestMethod]
    public async Task A_cache_that_is_no_reference_is_refused_before_anything_is_compiled()
    {
        using var project = await TestProject.ConsoleAsync("<PropertyGroup><MultiArchCacheFrom>Not A Name</MultiArchCacheFrom></PropertyGroup>");

        var publish = await project.PublishAsync();

        Assert.AreNotEqual(0, publish.ExitCode);
        Assert.Contains("error MARCH1045: MultiArchCacheFrom 'Not A Name' cannot be used", publish.Output);
        Assert.DoesNotContain("hello.dll", publish.Output);
    }
}

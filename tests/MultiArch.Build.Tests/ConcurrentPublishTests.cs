using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Two machines build the same commit at the same time.</summary>
[TestClass]
public sealed class ConcurrentPublishTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    [TestProperty("Catalogue", "46")]
    public async Task Two_copies_of_a_project_publish_at_once_to_one_tag()
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var one = await TestProject.ConsoleAsync();
        using var other = await TestProject.ConsoleAsync();

        var publishes = await Task.WhenAll(new[] { one, other }.Select(project => project.PublishAsync($"-p:ContainerRegistry={registry.Address}", "-p:ContainerImageTag=1.0")));

        var digests = publishes.Select(publish => publish.ShouldSucceed().PublishedDigest()).Distinct().ToList();
        Assert.HasCount(1, digests);
        CollectionAssert.AreEqual(new[] { "1.0" }, registry.Tags("hello").ToArray());
    }
}

using MultiArch.Registry.Tests.Model;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.RealServers;

[TestClass]
public sealed class ManyPublishersTests(TestContext context)
{
    private const int Timeout = 120_000;
    private const int Publishers = 50;

    private CancellationToken Token => context.CancellationToken;

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "46")]
    public async Task Fifty_publishers_of_one_process_push_to_one_repository()
    {
        using var registry = await RegistryProcess.StartAsync(Token);
        using var image = new ModelImage(size: 100_000);

        var reports = await Task.WhenAll(Enumerable.Range(0, Publishers).Select(number =>
            Task.Run(() => new Push(registry.Address).RunAsync(image, Token, "latest", $"build-{number}"), Token)));

        var digest = reports.Select(report => report.Target.Digest).Distinct().Single();
        Assert.HasCount(Publishers + 1, registry.Tags("app"));
        foreach (var tag in registry.Tags("app"))
        {
            await new Push(registry.Address).AssertWholeAsync(tag, digest, Token);
        }
    }
}

using MultiArch.Oci;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Registry.Tests.Model;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.RealServers;

/// <summary>A docker-registry that dies in the middle of a push, as by a power cut, and comes back.</summary>
[TestClass]
public sealed class KilledRegistryTests(TestContext context)
{
    private const int Timeout = 120_000;

    private CancellationToken Token => context.CancellationToken;

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("while a layer is sent")]
    [DataRow("between blobs and manifests")]
    [DataRow("between manifests and tags")]
    [TestProperty("Catalogue", "49")]
    public async Task One_that_is_back_at_once_gets_the_whole_image(string when)
    {
        using var registry = await RegistryProcess.StartAsync(new RegistryProcessOptions { Restarts = true }, Token);
        using var image = new ModelImage(size: 4_000_000);
        Task? restart = null;
        var push = new Push(registry.Address, Options(attempts: 20))
        {
            OnEvent = told =>
            {
                if (restart is null && IsTime(when, told))
                {
                    restart = registry.RestartAsync(Token);
                }
            },
        };

        var report = await push.RunAsync(image, Token);

        Assert.IsNotNull(restart);
        await restart;
        await push.AssertWholeAsync("1.0", report.Target.Digest, Token);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("while a layer is sent")]
    [DataRow("between blobs and manifests")]
    [DataRow("between manifests and tags")]
    [TestProperty("Catalogue", "49")]
    public async Task One_that_stays_away_is_told_and_the_next_publish_heals_it(string when)
    {
        using var registry = await RegistryProcess.StartAsync(new RegistryProcessOptions { Restarts = true }, Token);
        using var image = new ModelImage(size: 4_000_000);
        var push = new Push(registry.Address, Options(attempts: 2))
        {
            OnEvent = told =>
            {
                if (IsTime(when, told))
                {
                    registry.Kill();
                }
            },
        };

        var failure = await Assert.ThrowsAsync<MultiArchException>(() => push.RunAsync(image, Token));
        Assert.Contains(registry.Address, failure.Message);
        Assert.IsEmpty(registry.Tags("app"));

        await registry.RestartAsync(Token);
        var second = new Push(registry.Address);
        var report = await second.RunAsync(image, Token);
        await second.AssertWholeAsync("1.0", report.Target.Digest, Token);
    }

    private static bool IsTime(string when, PublishEvent told) => when switch
    {
        "while a layer is sent" => told is PublishEvent.BlobSending { Blob.Size: > 1_000_000 },
        "between blobs and manifests" => told is PublishEvent.ManifestWritten { Platform: not null },
        _ => told is PublishEvent.ManifestWritten { Platform: null },
    };

    private static RegistryOptions Options(int attempts) => new()
    {
        Retries = RetryLimits.Default with { Attempts = attempts, Step = TimeSpan.FromSeconds(0.1), LongestStep = TimeSpan.FromSeconds(2) },
    };
}

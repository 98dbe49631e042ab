using MultiArch.Debian.Archive;
using MultiArch.Debian.Signatures;
using MultiArch.Debian.Sources;
using MultiArch.Testing;

namespace MultiArch.Debian.Tests.Archive;

/// <summary>What real archives sign is read: those that this machine's apt is set up for.</summary>
[TestClass]
public sealed class MachineSourcesTests
{
    [TestMethod]
    public async Task The_machines_own_archives_are_verified_and_read()
    {
        var root = new HostRootFiles();
        var configuration = AptConfiguration.Read(root, "this machine", isLocal: true);
        if (configuration is not { Release: { } release, List.Sources.Count: > 0 })
        {
            Assert.Inconclusive("This machine has no apt sources.");
            return;
        }

        using var folder = new TempDirectory();
        using var client = new ArchiveClient(new ArchiveOptions { Time = TimeProvider.System });
        var indexes = new ArchiveIndexes(client, new IndexCache(folder["indexes"], 100_000_000, TimeProvider.System));
        var keyrings = new Keyrings(root, "this machine");
        // A mirror in a test's network may be behind.
        var sources = configuration.List.Sources.Where(source => source.IsFor("arm64")).Select(source => source with { CheckValidUntil = false }).ToList();

        var own = await DistributionSources.FilterAsync(release, sources, indexes, keyrings, new Progress<PackageEvent>(), CancellationToken.None);

        var smallest = own.Sources.Where(source => source.Suite.EndsWith("-updates", StringComparison.Ordinal)).Append(own.Sources[0]).First();
        var index = await indexes.ReadAsync(smallest, "arm64", keyrings, CancellationToken.None);
        Assert.IsNotEmpty(index.Packages.Names);
        Assert.AreEqual(release.Id, index.Release.Origin, ignoreCase: true);
    }
}

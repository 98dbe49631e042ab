using MultiArch.Debian.Archive;
using MultiArch.Debian.Sources;
using MultiArch.Oci;
using MultiArch.Testing.Archives;

namespace MultiArch.Debian.Tests.Archive;

[TestClass]
public sealed class DistributionSourcesTests
{
    [TestMethod]
    public async Task Of_a_machines_sources_those_of_its_distribution_are_taken()
    {
        using var debian = await ArchiveIndexesTests.PublishAsync();
        using var vendor = await ArchiveIndexesTests.PublishAsync(ArchiveForm.Debian with { Origin = "vendor.example" });

        var list = await DistributionSources.FilterAsync(new OsRelease("debian", "12", "bookworm"), [vendor.Source, debian.Source], debian.Indexes, debian.Keyrings, new Warnings(), CancellationToken.None);

        Assert.AreEqual(debian.Source.Uri, list.Sources.Single().Uri);
        StringAssert.Contains(list.Skipped.Single().ToString(), "it is an archive of 'vendor.example', and not of debian");
    }

    [TestMethod]
    public async Task A_source_whose_key_the_machine_does_not_have_is_left_out_with_a_warning()
    {
        using var debian = await ArchiveIndexesTests.PublishAsync();
        using var vendor = await ArchiveIndexesTests.PublishAsync(key: new ArchiveKey(new ArchiveKeyOptions()));
        var warned = new Warnings();

        var list = await DistributionSources.FilterAsync(
            new OsRelease("debian", "12", "bookworm"),
            [vendor.Source with { SignedBy = debian.Source.SignedBy }, vendor.Source with { SignedBy = new SignedBy(["/no/such/keyring.gpg"], [], Block: null) }, debian.Source],
            debian.Indexes,
            debian.Keyrings,
            warned,
            CancellationToken.None);

        Assert.AreEqual(debian.Source.Uri, list.Sources.Single().Uri);
        Assert.HasCount(2, list.Skipped);
        Assert.AreEqual("MARCH6070 MARCH6070", string.Join(' ', warned.Select(warning => warning.Code)));
        Assert.IsTrue(warned.All(warning => warning.Message.Contains(vendor.Source.ToString(), StringComparison.Ordinal) && warning.Message.Contains("an item of a test", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task A_source_that_cannot_be_read_is_not_left_out_in_silence()
    {
        using var debian = await ArchiveIndexesTests.PublishAsync();
        using var gone = await ArchiveIndexesTests.PublishAsync();
        gone.Archive.Server.Dispose();

        var failure = await Assert.ThrowsAsync<MultiArchException>(() =>
            DistributionSources.FilterAsync(new OsRelease("debian", "12", "bookworm"), [debian.Source, gone.Source], debian.Indexes, debian.Keyrings, new Warnings(), CancellationToken.None));

        Assert.AreEqual(DiagnosticCodes.ArchiveUnreachable, failure.Code);
    }

    private sealed class Warnings : List<PackageEvent.Warning>, IProgress<PackageEvent>
    {
        public void Report(PackageEvent value) => Add((PackageEvent.Warning)value);
    }
}

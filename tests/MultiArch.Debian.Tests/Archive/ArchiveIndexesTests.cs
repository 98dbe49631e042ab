using MultiArch.Oci;
using MultiArch.Testing.Archives;

namespace MultiArch.Debian.Tests.Archive;

[TestClass]
public sealed class ArchiveIndexesTests
{
    [TestMethod]
    [DataRow("xz")]
    [DataRow("zst")]
    [DataRow("gz")]
    [DataRow("")]
    public async Task An_index_is_read_in_each_form(string compression)
    {
        using var shop = await PublishAsync(ArchiveForm.Debian with { IndexCompressions = [compression] });

        var index = await shop.ReadAsync();

        CollectionAssert.AreEquivalent(new[] { "libfoo1", "tzdata" }, index.Packages.Names.ToArray());
        Assert.AreEqual("Debian", index.Release.Origin);
        CollectionAssert.AreEquivalent(new[] { "libbar1", "tzdata" }, (await shop.ReadAsync("arm64")).Packages.Names.ToArray());
    }

    [TestMethod]
    public async Task Ubuntus_form_is_read_too()
    {
        using var shop = await PublishAsync(ArchiveForm.Ubuntu);

        CollectionAssert.AreEquivalent(new[] { "libfoo1", "tzdata" }, (await shop.ReadAsync()).Packages.Names.ToArray());
    }

    [TestMethod]
    public async Task Indexes_are_asked_for_by_hash_and_the_signed_file_once_for_all_architectures()
    {
        using var shop = await PublishAsync();

        await Task.WhenAll(shop.ReadAsync("amd64"), shop.ReadAsync("arm64"));

        Assert.HasCount(3, shop.Archive.Server.Paths);
        Assert.HasCount(1, shop.Archive.Server.Paths.Where(path => path == "/dists/bookworm/InRelease"));
        Assert.HasCount(2, shop.Archive.Server.Paths.Where(path => path.Contains("/by-hash/SHA256/", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task What_has_not_changed_costs_one_request()
    {
        using var shop = await PublishAsync();
        await shop.ReadAsync();
        shop.Archive.Server.Clear();
        shop.Restart();

        CollectionAssert.Contains((await shop.ReadAsync()).Packages.Names.ToArray(), "libfoo1");

        CollectionAssert.AreEqual(new[] { "/dists/bookworm/InRelease" }, shop.Archive.Server.Paths.ToArray());
    }

    [TestMethod]
    public async Task What_has_changed_is_read_anew()
    {
        using var shop = await PublishAsync();
        await shop.ReadAsync();
        shop.Restart();
        shop.Archive.AddStanza(Shop.Stanza("libnew1"), "amd64");
        await shop.Archive.PublishAsync();
        File.SetLastWriteTimeUtc(shop.Archive.InReleasePath, DateTime.UtcNow.AddSeconds(5));

        CollectionAssert.Contains((await shop.ReadAsync()).Packages.Names.ToArray(), "libnew1");
    }

    [TestMethod]
    public async Task What_was_kept_and_is_spoilt_is_read_anew()
    {
        using var shop = await PublishAsync();
        await shop.ReadAsync();
        shop.Restart();
        foreach (var file in Directory.EnumerateFiles(shop.CacheFolder).Where(file => !file.EndsWith(".InRelease", StringComparison.Ordinal)))
        {
            await File.WriteAllTextAsync(file, "spoilt");
        }

        CollectionAssert.Contains((await shop.ReadAsync()).Packages.Names.ToArray(), "libfoo1");
    }

    [TestMethod]
    public async Task A_kept_signature_is_checked_each_time()
    {
        using var shop = await PublishAsync();
        await shop.ReadAsync();
        shop.Restart();
        var file = Directory.EnumerateFiles(shop.CacheFolder, "*.InRelease").Single();
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("Origin: Debian", "Origin: Evil", StringComparison.Ordinal));

        await shop.RefusesAsync(DiagnosticCodes.BadSignature, "does not fit the text");
    }

    [TestMethod]
    public async Task Packages_for_all_architectures_may_have_an_index_of_their_own()
    {
        using var shop = await PublishAsync(ArchiveForm.Debian with { HasIndexOfAll = true });

        CollectionAssert.AreEquivalent(new[] { "libfoo1", "tzdata" }, (await shop.ReadAsync()).Packages.Names.ToArray());
    }

    [TestMethod]
    public async Task All_components_of_a_source_are_read_and_no_others()
    {
        using var shop = new Shop(ArchiveForm.Debian with { Components = ["main", "contrib", "non-free"], ComponentPrefix = "updates/", Codename = "bookworm-security" });
        shop.Archive.AddStanza(Shop.Stanza("a"), "amd64", "main");
        shop.Archive.AddStanza(Shop.Stanza("b"), "amd64", "contrib");
        shop.Archive.AddStanza(Shop.Stanza("c"), "amd64", "non-free");
        await shop.Archive.PublishAsync();

        var index = await shop.ReadAsync(source: shop.Source with { Components = ["main", "contrib"] });

        CollectionAssert.AreEquivalent(new[] { "a", "b" }, index.Packages.Names.ToArray());
    }

    [TestMethod]
    public async Task An_archive_that_keeps_no_hashes_is_asked_by_name()
    {
        using var shop = await PublishAsync(ArchiveForm.Debian with { HasByHash = false });

        await shop.ReadAsync();

        CollectionAssert.Contains(shop.Archive.Server.Paths.ToArray(), "/dists/bookworm/main/binary-amd64/Packages.xz");
    }

    [TestMethod]
    public async Task An_index_that_is_missing_by_hash_is_asked_for_by_name()
    {
        using var shop = await PublishAsync();
        Directory.Delete(Path.Combine(shop.Archive.SuitePath, "main", "binary-amd64", "by-hash"), recursive: true);

        CollectionAssert.Contains((await shop.ReadAsync()).Packages.Names.ToArray(), "libfoo1");
    }

    [TestMethod]
    public async Task An_archive_may_be_a_folder_of_this_machine()
    {
        using var shop = await PublishAsync();

        var index = await shop.ReadAsync(source: shop.Source with { Uri = new Uri(shop.Archive.Root) });

        CollectionAssert.Contains(index.Packages.Names.ToArray(), "libfoo1");
        Assert.IsEmpty(shop.Archive.Server.Paths);
    }

    [TestMethod]
    public async Task An_architecture_that_is_not_served_is_named_with_the_source()
    {
        using var shop = await PublishAsync(ArchiveForm.Ubuntu with { Architectures = ["amd64"] });

        await shop.RefusesAsync(DiagnosticCodes.ArchitectureNotServed, $"The source 'deb {shop.Archive.Uri} noble main' of an item of a test has no packages for arm64: it has all amd64.", "arm64");
    }

    [TestMethod]
    public async Task An_architecture_that_is_listed_and_not_there_is_named_with_the_source()
    {
        using var shop = await PublishAsync(ArchiveForm.Ubuntu);
        Directory.Delete(Path.Combine(shop.Archive.SuitePath, "main", "binary-arm64"), recursive: true);

        await shop.RefusesAsync(DiagnosticCodes.ArchitectureNotServed, "it lists main/binary-arm64/Packages.xz and does not have it", "arm64");
    }

    [TestMethod]
    public async Task A_suite_that_is_not_there_is_named_with_its_origin()
    {
        using var shop = await PublishAsync();

        await shop.RefusesAsync(DiagnosticCodes.ArchiveRefused, "has no '/dists/bokworm/InRelease'. Correct an item of a test", source: shop.Source with { Suite = "bokworm" });
    }

    internal static async Task<Shop> PublishAsync(ArchiveForm? form = null, ArchiveKey? key = null)
    {
        var shop = new Shop(form, key);
        shop.Archive.AddStanza(Shop.Stanza("libfoo1"), "amd64");
        shop.Archive.AddStanza(Shop.Stanza("libbar1", "arm64"), "arm64");
        shop.Archive.AddStanza(Shop.Stanza("tzdata", "all"), "all");
        await shop.Archive.PublishAsync();
        return shop;
    }
}

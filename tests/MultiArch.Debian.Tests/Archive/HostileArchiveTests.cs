using System.Security.Cryptography;
using MultiArch.Oci;
using MultiArch.Testing;
using MultiArch.Testing.Archives;
using static MultiArch.Debian.Tests.Archive.ArchiveIndexesTests;

namespace MultiArch.Debian.Tests.Archive;

/// <summary>Whatever an archive sends, it ends in one line, and nothing of it is kept.</summary>
[TestClass]
public sealed class HostileArchiveTests
{
    private const string Index = "main/binary-amd64/Packages.xz";

    [TestMethod]
    public async Task A_text_that_nobody_signed_is_refused()
    {
        using var shop = await PublishAsync();
        File.Copy(Path.Combine(shop.Archive.SuitePath, "Release"), shop.Archive.InReleasePath, overwrite: true);

        await shop.RefusesAsync(DiagnosticCodes.BadSignature, "it does not begin as a signed text");
    }

    [TestMethod]
    public async Task A_key_that_is_not_trusted_is_named()
    {
        using var shop = await PublishAsync();
        var evil = new ArchiveKey(new ArchiveKeyOptions { IsEd25519 = true });
        shop.Archive.Sign(await File.ReadAllTextAsync(Path.Combine(shop.Archive.SuitePath, "Release")), evil);

        await shop.RefusesAsync(DiagnosticCodes.NotSignedByTrustedKey, $"the key {evil.SignerFingerprint[^16..]} is not trusted. Trusted for it: {shop.Archive.KeyringPath}.");
    }

    [TestMethod]
    public async Task A_changed_release_is_refused()
    {
        using var shop = await PublishAsync();
        var text = await File.ReadAllTextAsync(shop.Archive.InReleasePath);
        await File.WriteAllTextAsync(shop.Archive.InReleasePath, text.Replace("Origin: Debian", "Origin: Debiam", StringComparison.Ordinal));

        await shop.RefusesAsync(DiagnosticCodes.BadSignature, "does not fit the text");
    }

    [TestMethod]
    public async Task What_stands_before_the_signed_part_is_not_read()
    {
        using var shop = await PublishAsync();
        await File.WriteAllTextAsync(shop.Archive.InReleasePath, "Origin: Evil\n\n" + await File.ReadAllTextAsync(shop.Archive.InReleasePath));

        await shop.RefusesAsync(DiagnosticCodes.BadSignature, "it does not begin as a signed text");
    }

    [TestMethod]
    public async Task An_expired_index_is_refused_unless_it_is_meant()
    {
        using var shop = await PublishAsync(ArchiveForm.Debian with { ValidUntil = Shop.Now.AddDays(-1) });

        await shop.RefusesAsync(DiagnosticCodes.IndexExpired, "was valid until 2026-01-30 12:00 UTC");
        await shop.ReadAsync(source: shop.Source with { CheckValidUntil = false });
    }

    [TestMethod]
    public async Task The_index_of_another_suite_is_refused()
    {
        using var shop = await PublishAsync(ArchiveForm.Debian with { Suite = "oldoldstable", Codename = "bullseye", SuiteFolder = "bookworm" });

        await shop.RefusesAsync(DiagnosticCodes.NotTheRequestedSuite, "shows the index of another suite: 'oldoldstable', also called 'bullseye'");
    }

    [TestMethod]
    public async Task A_signed_text_that_is_no_release_is_refused()
    {
        using var shop = await PublishAsync();
        shop.Archive.Sign("Suite: bookworm\nMD5Sum:\n 0 1 a\n");

        await shop.RefusesAsync(DiagnosticCodes.InvalidRelease, "cannot be read: it has no SHA256.");
    }

    [TestMethod]
    public async Task An_index_that_was_replaced_is_refused_and_not_kept()
    {
        using var shop = await PublishAsync();
        foreach (var file in ByHash(shop))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            bytes[^20] ^= 1;
            await File.WriteAllBytesAsync(file, bytes);
        }

        await shop.RefusesAsync(DiagnosticCodes.ArchiveContentMismatch, $"The index {Index} of 'deb {shop.Archive.Uri} bookworm main' (an item of a test) was not used: what came has");
        NothingIsKept(shop);
    }

    [TestMethod]
    public async Task An_index_that_is_longer_than_it_was_signed_is_not_read_to_its_end()
    {
        using var shop = await PublishAsync();
        shop.Archive.Server.On(request => request.Path.Contains("by-hash", StringComparison.Ordinal), _ => new Reply(200, new byte[5_000_000], "application/octet-stream"));

        await shop.RefusesAsync(DiagnosticCodes.ArchiveContentMismatch, "sends more than");
        NothingIsKept(shop);
    }

    [TestMethod]
    public async Task A_second_stream_behind_the_first_is_refused()
    {
        using var shop = await PublishAsync();
        await ReplaceAsync(shop, bytes => [.. bytes, .. bytes]);

        await shop.RefusesAsync(DiagnosticCodes.ArchiveContentMismatch, "something stands behind its end");
    }

    [TestMethod]
    [DataRow("xz", 1)]
    [DataRow("xz", 12)]
    [DataRow("xz", 40)]
    [DataRow("zst", 1)]
    [DataRow("zst", 30)]
    [DataRow("gz", 30)]
    public async Task An_index_that_was_cut_before_it_was_signed_is_refused(string compression, int cut)
    {
        using var shop = await PublishAsync(ArchiveForm.Debian with { IndexCompressions = [compression] });
        await ReplaceAsync(shop, bytes => bytes[..^cut], compression);

        await shop.RefusesAsync(DiagnosticCodes.ArchiveContentMismatch, "was not used: it ");
        shop.Restart();
        await shop.RefusesAsync(DiagnosticCodes.ArchiveContentMismatch, "was not used: it ");
    }

    [TestMethod]
    public async Task An_index_that_unpacks_to_more_than_it_says_is_refused()
    {
        using var shop = new Shop();
        shop.Archive.AddStanza(Shop.Stanza("a") + $"Description: {new string('x', 3_000_000)}\n", "amd64");
        await shop.Archive.PublishAsync();
        var release = await File.ReadAllTextAsync(Path.Combine(shop.Archive.SuitePath, "Release"));
        var lines = release.Split('\n').Select(line => line.EndsWith("binary-amd64/Packages", StringComparison.Ordinal) ? $" {new string('a', 64)} 1000 main/binary-amd64/Packages" : line);
        shop.Archive.Sign(string.Join('\n', lines));

        await shop.RefusesAsync(DiagnosticCodes.ArchiveContentMismatch, "it unpacks to more than 1000 bytes");
    }

    [TestMethod]
    public async Task A_portals_page_is_refused()
    {
        using var shop = await PublishAsync();
        shop.Archive.Server.On("InRelease", new Reply(200, "<html>Please log in</html>", "text/html"));

        await shop.RefusesAsync(DiagnosticCodes.BadSignature, "it does not begin as a signed text");
    }

    private static string[] ByHash(Shop shop) =>
        Directory.GetFiles(Path.Combine(shop.Archive.SuitePath, "main", "binary-amd64", "by-hash", "SHA256"));

    private static void NothingIsKept(Shop shop) =>
        Assert.IsEmpty(Directory.EnumerateFiles(shop.CacheFolder).Where(file => !file.EndsWith(".InRelease", StringComparison.Ordinal)));

    /// <summary>Puts other bytes in the index's place, and signs that.</summary>
    private static async Task ReplaceAsync(Shop shop, Func<byte[], byte[]> change, string compression = "xz")
    {
        var path = $"main/binary-amd64/Packages.{compression}";
        var file = Path.Combine(shop.Archive.SuitePath, path);
        var (old, now) = (await File.ReadAllBytesAsync(file), change(await File.ReadAllBytesAsync(file)));
        await File.WriteAllBytesAsync(file, now);
        await File.WriteAllBytesAsync(Path.Combine(Path.GetDirectoryName(file)!, "by-hash", "SHA256", Hex(now)), now);
        var release = await File.ReadAllTextAsync(Path.Combine(shop.Archive.SuitePath, "Release"));
        shop.Archive.Sign(string.Join('\n', release.Split('\n').Select(line => line.Contains(Hex(old), StringComparison.Ordinal) ? $" {Hex(now)} {now.Length} {path}" : line)));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

using System.Runtime.Versioning;
using MultiArch.Debian.Archive;
using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Debian.Tests.Archive;

[TestClass]
public sealed class PackageCacheTests
{
    private const string PathInArchive = "pool/main/f/foo/foo_1.0+b1_amd64.deb";
    private static readonly byte[] Package = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 3))];

    [TestMethod]
    public async Task A_package_is_fetched_once_and_served_offline()
    {
        using var shop = Stocked();
        var path = await FetchAsync(shop);

        CollectionAssert.AreEqual(Package, await File.ReadAllBytesAsync(path));
        StringAssert.EndsWith(shop.Archive.Server.Requests.Single().Target, "/foo_1.0%2Bb1_amd64.deb");
        shop.Archive.Server.Dispose();
        Assert.AreEqual(path, await FetchAsync(shop));
        Assert.AreEqual(path, await FetchAsync(shop, roots: []));
    }

    [TestMethod]
    public async Task Offline_what_the_cache_lacks_is_named_with_its_archive()
    {
        using var shop = Stocked();
        shop.Archive.Server.Dispose();

        var failure = await Assert.ThrowsAsync<MultiArchException>(() => FetchAsync(shop));

        Assert.AreEqual(DiagnosticCodes.ArchiveUnreachable, failure.Code);
        StringAssert.EndsWith(
            failure.Message,
            $"Check the network and its proxy, or correct the source '{shop.Archive.Server.Uri}'. Without a network a build needs foo 1.0+b1 in the cache (MultiArchOSPackageCache), which does not have it.");
    }

    [TestMethod]
    public async Task Those_who_want_the_same_at_once_share_one_download()
    {
        using var shop = Stocked();
        var cache = Cache(shop);

        var paths = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => FetchAsync(shop, cache: cache)));

        Assert.HasCount(1, paths.Distinct());
        Assert.HasCount(1, shop.Archive.Server.Requests);
    }

    [TestMethod]
    public async Task Several_processes_may_fetch_the_same_at_once()
    {
        using var shop = Stocked();

        var paths = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => FetchAsync(shop, cache: Cache(shop))));

        CollectionAssert.AreEqual(Package, await File.ReadAllBytesAsync(paths.Distinct().Single()));
        Assert.HasCount(1, Directory.GetFiles(shop.CacheFolder), "Nothing half-written stays.");
    }

    [TestMethod]
    public async Task A_spoilt_file_is_fetched_anew()
    {
        using var shop = Stocked();
        var path = await FetchAsync(shop);
        await File.WriteAllBytesAsync(path, [.. Package.Reverse()]);

        await FetchAsync(shop);

        CollectionAssert.AreEqual(Package, await File.ReadAllBytesAsync(path));
    }

    [TestMethod]
    public async Task Another_file_than_was_signed_is_refused_and_not_kept()
    {
        using var shop = Stocked();
        await File.WriteAllBytesAsync(FileOf(shop), [.. Package.Reverse()]);

        await RefusesAsync(shop, DiagnosticCodes.ArchiveContentMismatch, "The package foo 1.0+b1 of '", "signed or locked");
        Assert.IsEmpty(Directory.GetFiles(shop.CacheFolder));
    }

    [TestMethod]
    public async Task The_next_archive_is_asked_when_one_is_wrong_or_has_it_no_more()
    {
        using var shop = Stocked();
        using var wrong = Stocked();
        using var empty = new Shop();
        await File.WriteAllBytesAsync(FileOf(wrong), [1]);

        await FetchAsync(shop, roots: [new Uri(wrong.Archive.Uri), new Uri(empty.Archive.Uri), new Uri(shop.Archive.Uri)]);
    }

    [TestMethod]
    public async Task A_package_that_no_archive_has_any_more_is_named_with_what_to_do()
    {
        using var shop = Stocked();
        File.Delete(FileOf(shop));

        await RefusesAsync(shop, DiagnosticCodes.PackageGone, $"The package foo 1.0+b1 is gone from '{shop.Archive.Uri}/'.", "-t:UpdateMultiArchLock");
    }

    [TestMethod]
    [DataRow("../../etc/passwd")]
    [DataRow("/etc/passwd")]
    [DataRow("pool/../../x.deb")]
    [DataRow("pool\\..\\x.deb")]
    [DataRow("")]
    public async Task A_path_that_leaves_the_archive_is_not_asked_for(string path)
    {
        using var shop = Stocked();

        var failure = await Assert.ThrowsAsync<MultiArchException>(() => FetchAsync(shop, path: path));

        Assert.AreEqual(DiagnosticCodes.ArchiveContentMismatch, failure.Code);
        StringAssert.Contains(failure.Message, "no path below an archive");
        Assert.IsEmpty(shop.Archive.Server.Requests);
    }

    [TestMethod]
    public async Task What_breaks_off_goes_on_and_is_checked_as_a_whole()
    {
        using var shop = Stocked();
        shop.Archive.Server.On(".deb", new Reply(200, Package, "application/octet-stream") { Fault = Fault.CutBody, CutAfter = 150_000, Headers = { ["ETag"] = "\"1\"" } });

        CollectionAssert.AreEqual(Package, await File.ReadAllBytesAsync(await FetchAsync(shop)));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [UnsupportedOSPlatform("windows")]
    public async Task The_folder_is_nobody_elses()
    {
        using var shop = Stocked();
        Directory.CreateDirectory(shop.CacheFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);

        var path = await FetchAsync(shop);

        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(shop.CacheFolder));
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        File.SetUnixFileMode(shop.CacheFolder, File.GetUnixFileMode(shop.CacheFolder) | UnixFileMode.OtherWrite);
        await FetchAsync(shop, roots: []);

        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(shop.CacheFolder));
    }

    [TestMethod]
    public async Task A_link_in_the_place_of_the_folder_or_of_a_file_is_not_followed()
    {
        using var shop = Stocked();
        using var other = new TempDirectory();
        var target = other.Write("target", "precious");
        var path = await FetchAsync(shop);
        File.Delete(path);
        File.CreateSymbolicLink(path, target);

        await FetchAsync(shop);

        Assert.AreEqual("precious", await File.ReadAllTextAsync(target));
        Assert.IsNull(new FileInfo(path).LinkTarget);

        Directory.Delete(shop.CacheFolder, recursive: true);
        Directory.CreateSymbolicLink(shop.CacheFolder, other.Path);
        await RefusesAsync(shop, DiagnosticCodes.PackageCacheUnsafe, $"'{shop.CacheFolder}', is a link", "Name a folder of your own");
    }

    [TestMethod]
    public async Task What_was_used_longest_ago_goes_first()
    {
        using var shop = Stocked();
        await FetchAsync(shop);
        var old = Write(shop, "old", 150_000, hoursAgo: 48);
        var older = Write(shop, "older", 150_000, hoursAgo: 72);
        var recent = Write(shop, "recent", 1_000_000, hoursAgo: 0.5);
        var abandoned = Write(shop, "1234.partial", 10, hoursAgo: 30);
        var underWay = Write(shop, "5678.partial", 10, hoursAgo: 1);

        Cache(shop, sizeLimit: 1_400_000).Trim();

        Assert.IsTrue(File.Exists(old));
        Assert.IsFalse(File.Exists(older));
        Assert.IsFalse(File.Exists(abandoned));
        Assert.IsTrue(File.Exists(underWay));

        Cache(shop, sizeLimit: 10).Trim();

        Assert.IsFalse(File.Exists(old));
        Assert.IsTrue(File.Exists(recent), "Somebody may be reading it.");
    }

    private static string Write(Shop shop, string name, int size, double hoursAgo)
    {
        var path = Path.Combine(shop.CacheFolder, name);
        File.WriteAllBytes(path, new byte[size]);
        File.SetLastWriteTimeUtc(path, shop.Time.GetUtcNow().UtcDateTime.AddHours(-hoursAgo));
        return path;
    }

    private static Shop Stocked()
    {
        var shop = new Shop();
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(shop))!);
        File.WriteAllBytes(FileOf(shop), Package);
        return shop;
    }

    private static string FileOf(Shop shop) => Path.Combine(shop.Archive.Root, PathInArchive);

    private static PackageCache Cache(Shop shop, long sizeLimit = 10_000_000) => new(shop.CacheFolder, sizeLimit, shop.Client);

    private static Task<string> FetchAsync(Shop shop, PackageCache? cache = null, string path = PathInArchive, IReadOnlyList<Uri>? roots = null) =>
        (cache ?? Cache(shop)).FetchAsync("foo", "1.0+b1", Digest.Of(Package), Package.Length, path, roots ?? [new Uri(shop.Archive.Uri)], logins: null, CancellationToken.None);

    private static async Task RefusesAsync(Shop shop, string code, params IEnumerable<string> reasons)
    {
        var failure = await Assert.ThrowsAsync<MultiArchException>(() => FetchAsync(shop));
        Assert.AreEqual(code, failure.Code, failure.Message);
        Assert.DoesNotContain("\n", failure.Message);
        foreach (var reason in reasons)
        {
            StringAssert.Contains(failure.Message, reason);
        }
    }
}

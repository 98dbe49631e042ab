using System.Text;
using MultiArch.Debian.Archive;
using MultiArch.Debian.Bases;
using MultiArch.Debian.DebFiles;
using MultiArch.Debian.Lock;
using MultiArch.Debian.Sources;
using MultiArch.Debian.Tests.Archive;
using MultiArch.Oci;
using MultiArch.Oci.Contents;
using MultiArch.Testing;
using MultiArch.Testing.Archives;

namespace MultiArch.Debian.Tests;

/// <summary>An archive that wants a login, and a machine whose apt may have one.</summary>
[TestClass]
public sealed class PrivateArchiveTests
{
    private const string Login = "login me password s3cret";
    private static readonly string Header = $"Basic {Convert.ToBase64String("me:s3cret"u8)}";

    [TestMethod]
    public async Task Index_and_packages_come_with_the_login_which_stands_in_no_lock()
    {
        using var shop = await StockedAsync();
        using var machine = new TempDirectory();
        machine.Write("etc/apt/auth.conf.d/mine.conf", $"machine {shop.Archive.Uri} {Login}\n");
        var packages = Packages(shop, machine);

        var resolved = await ResolveAsync(packages, shop, machine);
        var extracted = await packages.GetAsync(resolved.Locked, CancellationToken.None);

        Assert.AreEqual("libfoo1", extracted.Single().Name);
        Assert.IsTrue(shop.Archive.Server.Requests.All(request => request.Authorization == Header));
        Assert.DoesNotContain("s3cret", Encoding.UTF8.GetString(LockFile.Empty.With("linux-x64", resolved.Locked).ToUtf8Bytes()));
        Assert.IsFalse(Directory.EnumerateFiles(machine["work"], "*", SearchOption.AllDirectories).Any(file => Encoding.UTF8.GetString(File.ReadAllBytes(file)).Contains("s3cret", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("", "Nothing in /etc/apt/auth.conf or /etc/apt/auth.conf.d/*.conf of this machine is a login for it: write 'machine {0} login … password …' there.")]
    [DataRow("machine 127.0.0.1 login me password s3cret", "The login of /etc/apt/auth.conf of this machine is for https alone: take the archive's https address, or write 'machine {0}' there to have it sent in the clear.")]
    [DataRow("machine http://127.0.0.1 login me password 0ther-s3cret", "It was sent the login of /etc/apt/auth.conf of this machine: correct it there.")]
    public async Task A_refusal_says_where_the_login_is_read_from(string file, string advice)
    {
        using var shop = await StockedAsync();
        using var machine = new TempDirectory();
        machine.Write("etc/apt/auth.conf", file);

        var failure = await Assert.ThrowsAsync<MultiArchException>(() => ResolveAsync(Packages(shop, machine), shop, machine));

        Assert.AreEqual(DiagnosticCodes.ArchiveRefused, failure.Code);
        Assert.AreEqual(
            $"{shop.Archive.Server.Uri.Authority}, asked for the index of bookworm, answered 401 Scripted. {string.Format(null, advice, shop.Archive.Uri)} Or correct MultiArchOSPackageSource '{shop.Archive.Uri}'.",
            failure.Message);
        Assert.DoesNotContain("s3cret", failure.ToString());
        Assert.HasCount(1, shop.Archive.Server.Requests);
    }

    [TestMethod]
    public async Task An_images_own_sources_are_given_no_login_of_this_machine()
    {
        using var shop = await StockedAsync();
        using var machine = new TempDirectory();
        machine.Write("etc/apt/auth.conf", $"machine http://127.0.0.1 {Login}");
        var tree = new MergedTree();
        foreach (var (path, text) in new[]
        {
            ("etc/apt/sources.list", $"deb {shop.Archive.Uri} bookworm main\n"),
            ("var/lib/dpkg/status", "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.36-9\n"),
        })
        {
            tree.Put(path, new TreeEntry(TreeEntryType.File, 0b110_100_100, 0, 0) { Size = text.Length, Content = Encoding.UTF8.GetBytes(text) });
        }

        var plan = new PackagePlan("linux-x64", "base:1", ["libfoo1"], [], []);
        var failure = await Assert.ThrowsAsync<MultiArchException>(() =>
            Packages(shop, machine).ResolveAsync(plan, BaseSystem.Read("base:1", tree, isScratch: false), baseDigest: null, drift: null, CancellationToken.None));

        StringAssert.EndsWith(failure.Message, "answered 401 Scripted. Sources of a base image are asked without a login: name the archive with MultiArchOSPackageSource, and its login in /etc/apt/auth.conf of this machine.");
        Assert.IsTrue(shop.Archive.Server.Requests.All(request => request.Authorization is null));
    }

    [TestMethod]
    public async Task A_redirect_takes_the_login_to_no_other_server()
    {
        using var shop = await StockedAsync();
        using var other = new ArchiveServer(shop.Archive.Root);
        using var machine = new TempDirectory();
        machine.Write("etc/apt/auth.conf", $"machine http://127.0.0.1 {Login}");
        other.On(request => request.Authorization is null, _ => new Reply(403), times: 10);
        shop.Archive.Server.On("/moved", new Reply(302) { Headers = { ["Location"] = "/here" } });
        shop.Archive.Server.On("/here", new Reply(302) { Headers = { ["Location"] = $"{other.Uri}there" } });
        var request = new ArchiveRequest(new Uri(shop.Archive.Server.Uri, "moved"), "the file of a test", 100, "an item of a test") { Logins = new AptLogins(new HostRootFiles(machine.Path), "this machine") };

        var failure = await Assert.ThrowsAsync<MultiArchException>(() => shop.Client.FetchAsync(request, new MemoryStream(), CancellationToken.None));

        StringAssert.EndsWith(failure.Message, $"It had sent us on to {other.Uri.Authority}, which is given no login. Correct an item of a test: name the archive by the address that it is at.");
        CollectionAssert.AreEqual(new[] { Header, Header }, shop.Archive.Server.Requests.Select(request => request.Authorization).ToArray());
        Assert.IsNull(other.Requests.Single().Authorization);
    }

    private static async Task<Shop> StockedAsync()
    {
        var shop = new Shop();
        await shop.Archive.AddAsync(new TestPackage("libfoo1", "1.0-1", "amd64") { Files = [new TestFile("usr/lib/libfoo.so.1", "foo")] });
        await shop.Archive.PublishAsync();
        shop.Archive.Server.On(request => request.Authorization != Header, _ => new Reply(401), times: int.MaxValue);
        return shop;
    }

    private static PlatformPackages Packages(Shop shop, TempDirectory machine) => new(
        shop.Indexes,
        new PackageCache(shop.CacheFolder, 1_000_000, shop.Client),
        new ExtractedPackages(machine["work"], DebLimits.Default),
        new HostRootFiles(machine.Path),
        checkValidUntil: false,
        new Progress<PackageEvent>());

    private static Task<ResolvedPlatform> ResolveAsync(PlatformPackages packages, Shop shop, TempDirectory machine)
    {
        File.Copy(shop.Archive.KeyringPath, machine["archive.gpg"]);
        var plan = new PackagePlan("linux-x64", "scratch", ["libfoo1"], [], [new PlannedSource(shop.Archive.Uri, "bookworm", ["main"], "/archive.gpg")]);
        return packages.ResolveAsync(plan, BaseSystem.Read("scratch", new MergedTree(), isScratch: true), baseDigest: null, drift: null, CancellationToken.None);
    }
}

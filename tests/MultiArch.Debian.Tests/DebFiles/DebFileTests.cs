using System.Security.Cryptography;
using MultiArch.Debian.DebFiles;
using MultiArch.Oci;
using MultiArch.Oci.Layers;
using MultiArch.Testing;

namespace MultiArch.Debian.Tests.DebFiles;

[TestClass]
public sealed class DebFileTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow("xz")]
    [DataRow("zstd")]
    [DataRow("gzip")]
    [DataRow("none")]
    public async Task What_dpkg_deb_builds_is_read_whole(string compression)
    {
        Tool.Require("dpkg-deb", "chmod", "ln");
        using var folder = new TempDirectory();
        folder.Write("root/DEBIAN/control", "Package: demo\nVersion: 1:2.0-1~b1\nArchitecture: arm64\nMaintainer: Nobody <nobody@example.org>\nDepends: libc6 (>= 2.36)\nDescription: a package\n of the tests\n");
        folder.Write("root/DEBIAN/md5sums", "d41d8cd98f00b204e9800998ecf8427e  usr/share/demo/empty\n");
        await RunAsync("chmod", "755", folder.Write("root/DEBIAN/postinst", "#!/bin/sh\nexit 0\n"));
        folder.Write("root/usr/bin/demo", "#!/bin/sh\n");
        folder.Write("root/usr/share/demo/empty", "");
        folder.Write($"root/usr/share/demo/{new string('n', 180)}", "long");
        folder.Write("root/usr/share/demo/Főtanúsítvány.crt", "é");
        await RunAsync("chmod", "4755", folder["root/usr/bin/demo"]);
        await RunAsync("chmod", "-R", "go-w", folder["root"]);
        await RunAsync("chmod", "1777", Directory.CreateDirectory(folder["root/tmp"]).FullName);
        await RunAsync("ln", folder["root/usr/bin/demo"], folder["root/usr/bin/other"]);
        await RunAsync("ln", "-s", "/usr/bin/demo", folder["root/usr/bin/link"]);
        await RunAsync("chmod", "0755", folder["root/DEBIAN"]);
        await RunAsync("dpkg-deb", "--root-owner-group", $"-Z{compression}", "--build", folder["root"], folder["demo.deb"]);
        var identity = new PackageIdentity("demo", "1:2.0-1~b1", "arm64", await HashAsync(folder["demo.deb"]));

        var package = await DebFile.ExtractAsync(folder["demo.deb"], identity, folder["packages"], DebLimits.Default, TestContext.CancellationToken);

        Assert.AreEqual("libc6 (>= 2.36)", package.Control["Depends"]);
        Assert.AreEqual(await File.ReadAllTextAsync(folder["root/DEBIAN/control"], TestContext.CancellationToken), package.ControlText);
        Assert.AreEqual(await File.ReadAllTextAsync(folder["root/DEBIAN/md5sums"], TestContext.CancellationToken), package.Md5Sums);
        CollectionAssert.AreEqual(new[] { "postinst" }, package.Scripts.Keys.ToArray());
        string[] expected =
        [
            "tmp Directory 1777  0", "usr Directory 755  0", "usr/bin Directory 755  0", "usr/bin/demo File 4755  10", "usr/bin/link Symlink 777 /usr/bin/demo 0",
            "usr/bin/other HardLink 4755 usr/bin/demo 0", "usr/share Directory 755  0", "usr/share/demo Directory 755  0", "usr/share/demo/Főtanúsítvány.crt File 644  2",
            "usr/share/demo/empty File 644  0", $"usr/share/demo/{new string('n', 180)} File 644  4",
        ];
        CollectionAssert.AreEqual(
            expected,
            package.Entries.OrderBy(entry => entry.Path, StringComparer.Ordinal)
                .Select(entry => $"{entry.Path} {entry.Type} {Convert.ToString(entry.Mode, 8)} {entry.LinkTarget} {entry.Size}").ToArray());
        var file = package.Entries.Single(entry => entry.Path == "usr/bin/demo");
        Assert.AreEqual("#!/bin/sh\n", await File.ReadAllTextAsync(package.SourceOf(file), TestContext.CancellationToken));
        Assert.StartsWith(folder[$"packages/{identity.Sha256.Hex}/"], package.SourceOf(file));
    }

    [TestMethod]
    public async Task An_unpacked_package_is_not_unpacked_again()
    {
        using var folder = new TempDirectory();
        var (path, identity) = new TestDeb { Compression = "gz", Entries = [TestDeb.File("./a", "one"), TestDeb.Link("./b", "a"), TestDeb.HardLink("./c", "./a")], ControlFiles = { ["postinst"] = "#!/bin/sh\n" } }.Write(folder);
        var packages = new ExtractedPackages(folder["packages"], DebLimits.Default);
        var first = await packages.GetAsync(identity, _ => Task.FromResult(path), TestContext.CancellationToken);

        var again = await packages.GetAsync(identity, _ => throw new InvalidOperationException("it is there"), TestContext.CancellationToken);

        CollectionAssert.AreEqual(first.Entries.ToArray(), again.Entries.ToArray());
        Assert.AreEqual(first.ControlText, again.ControlText);
        Assert.AreEqual("#!/bin/sh\n", again.Scripts["postinst"]);
        Assert.AreEqual(first.ContentFolder, again.ContentFolder);
        Assert.IsNull(await packages.FindAsync(identity with { Version = "2" }, TestContext.CancellationToken), "another package's folder is none of this one");
    }

    [TestMethod]
    public void Packages_that_no_lock_names_go_unless_a_publish_may_be_reading_them()
    {
        using var folder = new TempDirectory();
        var kept = Digest.Of("kept"u8);
        var packages = new ExtractedPackages(folder["packages"], DebLimits.Default);
        packages.Trim([kept], TimeProvider.System);
        foreach (var name in new[] { kept.Hex, Digest.Of("old"u8).Hex, $"{kept.Hex}.00000000.partial", Digest.Of("new"u8).Hex })
        {
            var content = Directory.CreateDirectory(Path.Combine(folder["packages"], name)).CreateSubdirectory("content");
            File.WriteAllText(Path.Combine(content.FullName, "0"), "");
            Directory.SetLastWriteTimeUtc(content.Parent!.FullName, DateTime.UtcNow.AddHours(name == Digest.Of("new"u8).Hex ? 0 : -2));
        }

        packages.Trim([kept], TimeProvider.System);

        CollectionAssert.AreEquivalent(new[] { kept.Hex, Digest.Of("new"u8).Hex }, Directory.GetDirectories(folder["packages"]).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    [DataRow("content", DisplayName = "a file that was edited")]
    [DataRow("longer", DisplayName = "a file that was appended to")]
    [DataRow("missing", DisplayName = "a file that is gone")]
    [DataRow("manifest", DisplayName = "a manifest that was edited")]
    [DataRow("nothing", DisplayName = "a manifest that is gone")]
    public async Task A_spoilt_package_is_unpacked_again(string fault)
    {
        using var folder = new TempDirectory();
        var (path, identity) = new TestDeb { Entries = [TestDeb.File("./a", "one")] }.Write(folder);
        var packages = new ExtractedPackages(folder["packages"], DebLimits.Default);
        var package = await packages.GetAsync(identity, _ => Task.FromResult(path), TestContext.CancellationToken);
        var content = package.SourceOf(package.Entries[0]);
        var manifest = Path.Combine(folder["packages"], identity.Sha256.Hex, "package.json");
        switch (fault)
        {
            case "content":
                File.WriteAllText(content, "two");
                break;
            case "longer":
                File.AppendAllText(content, "!");
                break;
            case "missing":
                File.Delete(content);
                break;
            case "manifest":
                File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("demo", "evil", StringComparison.Ordinal));
                break;
            default:
                File.Delete(manifest);
                break;
        }

        Assert.IsNull(await packages.FindAsync(identity, TestContext.CancellationToken));
        var again = await packages.GetAsync(identity, _ => Task.FromResult(path), TestContext.CancellationToken);

        Assert.AreEqual("one", await File.ReadAllTextAsync(again.SourceOf(again.Entries[0]), TestContext.CancellationToken));
        CollectionAssert.AreEqual(new[] { identity.Sha256.Hex }, Directory.EnumerateFileSystemEntries(folder["packages"]).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public async Task Two_builds_at_once_get_one_whole_package()
    {
        using var folder = new TempDirectory();
        var (path, identity) = new TestDeb { InstalledSize = 1000, Entries = [.. Enumerable.Range(0, 200).Select(i => TestDeb.File($"./{i}", $"content {i}"))] }.Write(folder);

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => DebFile.ExtractAsync(path, identity, folder["packages"], DebLimits.Default, TestContext.CancellationToken)));

        foreach (var package in all)
        {
            Assert.IsEmpty(package.Entries.Where(entry => entry.Type is LayerEntryType.File && !File.Exists(package.SourceOf(entry))));
        }

        CollectionAssert.AreEqual(new[] { identity.Sha256.Hex }, Directory.EnumerateFileSystemEntries(folder["packages"]).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public async Task A_file_of_another_hash_is_not_opened()
    {
        using var folder = new TempDirectory();
        var (path, identity) = new TestDeb().Write(folder);
        var other = identity with { Sha256 = Digest.Of("another"u8) };

        var fault = await Assert.ThrowsExactlyAsync<MultiArchException>(() => DebFile.ExtractAsync(path, other, folder["packages"], DebLimits.Default, TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.PackageDamaged, fault.Code);
        Assert.Contains($"its file has the SHA-256 {identity.Sha256.Hex} and not {other.Sha256.Hex}", fault.Message);
    }

    [TestMethod]
    [DataRow("Name")]
    [DataRow("Version")]
    [DataRow("Architecture")]
    public async Task A_package_that_says_it_is_another_is_refused(string field)
    {
        using var folder = new TempDirectory();
        var (path, identity) = new TestDeb().Write(folder);
        var expected = field switch
        {
            "Name" => identity with { Name = "another" },
            "Version" => identity with { Version = "2.0" },
            _ => identity with { Architecture = "arm64" },
        };

        var fault = await Assert.ThrowsExactlyAsync<MultiArchException>(() => DebFile.ExtractAsync(path, expected, folder["packages"], DebLimits.Default, TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.PackageIsAnother, fault.Code);
        Assert.StartsWith($"The package {expected} is not laid down: its file says ", fault.Message);
        Assert.IsEmpty(Directory.EnumerateFileSystemEntries(folder["packages"]));
    }

    [TestMethod]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        using var folder = new TempDirectory();
        var (path, identity) = new TestDeb().Write(folder);
        folder.Write("file", "in the way");

        var fault = await Assert.ThrowsExactlyAsync<MultiArchException>(() => DebFile.ExtractAsync(path, identity, folder["file/packages"], DebLimits.Default, TestContext.CancellationToken));
        Assert.AreEqual(DiagnosticCodes.CannotWrite, fault.Code);

        fault = await Assert.ThrowsExactlyAsync<MultiArchException>(() => DebFile.ExtractAsync(folder["none.deb"], identity, folder["packages"], DebLimits.Default, TestContext.CancellationToken));
        Assert.AreEqual(DiagnosticCodes.CannotRead, fault.Code);
    }

    private static async Task<Digest> HashAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return Digest.FromHash(await SHA256.HashDataAsync(file));
    }

    private async Task RunAsync(string tool, params string[] arguments) =>
        (await new CommandLine(tool, arguments) { Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8" } }.RunAsync(TestContext.CancellationToken)).ShouldSucceed();
}

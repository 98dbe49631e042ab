using MultiArch.Debian.Archive;
using MultiArch.Testing;
using MultiArch.Testing.Archives;

namespace MultiArch.Debian.Tests.Archive;

/// <summary>The archive that tests build is one that apt takes, too.</summary>
[TestClass]
public sealed class BuiltArchiveTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_built_package_is_found_and_fetched(bool isUbuntu)
    {
        using var shop = new Shop(isUbuntu ? ArchiveForm.Ubuntu : ArchiveForm.Debian);
        var deb = await shop.Archive.AddAsync(Package());
        await shop.Archive.PublishAsync();

        var package = (await shop.ReadAsync()).Packages.Find("libfoo1").Single();
        var path = await new PackageCache(shop.CacheFolder, 1_000_000, shop.Client).FetchAsync(
            package.Name, package.Version.Text, package.Sha256!.Value, package.Size, package.Filename, [shop.Source.Root], logins: null, CancellationToken.None);

        CollectionAssert.AreEqual(await File.ReadAllBytesAsync(deb), await File.ReadAllBytesAsync(path));
        var listed = await new CommandLine("dpkg-deb", "--contents", path).RunAsync();
        StringAssert.Contains(listed.StandardOutput, "./usr/lib/libfoo.so.1");
        Assert.HasCount(1, package.Provides);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Apt_reads_the_archive(bool isUbuntu)
    {
        Tool.Require("apt-get");
        using var archive = new TestArchive(isUbuntu ? ArchiveForm.Ubuntu : ArchiveForm.Debian);
        using var root = new TempDirectory();
        await archive.AddAsync(Package());
        await archive.PublishAsync();
        root.Write("status", "");
        root.Write("sources.list", archive.SourceLine);
        Directory.CreateDirectory(root["lists/partial"]);
        Directory.CreateDirectory(root["cache/archives/partial"]);
        Directory.CreateDirectory(root["none"]);
        var configuration = root.Write(
            "apt.conf",
            $$"""
            APT::Architecture "amd64"; APT::Architectures { "amd64"; }; APT::Sandbox::User "root"; Acquire::Languages "none";
            Dir::State "{{root.Path}}"; Dir::State::status "{{root["status"]}}"; Dir::State::Lists "{{root["lists"]}}"; Dir::Cache "{{root["cache"]}}";
            Dir::Etc::SourceList "{{root["sources.list"]}}"; Dir::Etc::SourceParts "{{root["none"]}}"; Dir::Etc::Preferences "-"; Dir::Etc::PreferencesParts "{{root["none"]}}";
            """);
        var environment = new Dictionary<string, string?> { ["APT_CONFIG"] = configuration };

        (await new CommandLine("apt-get", "update") { Environment = environment }.RunAsync()).ShouldSucceed();
        var simulated = (await new CommandLine("apt-get", "-s", "install", "libfoo1") { Environment = environment }.RunAsync()).ShouldSucceed();

        StringAssert.Contains(simulated.StandardOutput, "Inst libfoo1 (1.0-1");
        Assert.DoesNotContain("W: ", simulated.Output);
    }

    private static TestPackage Package() => new("libfoo1", "1.0-1", "amd64")
    {
        Fields = new Dictionary<string, string> { ["Provides"] = "foo (= 1.0)" },
        Files = [new TestFile("usr/lib/libfoo.so.1", "foo"), new TestFile("usr/lib/libfoo.so", LinkTarget: "libfoo.so.1")],
    };
}

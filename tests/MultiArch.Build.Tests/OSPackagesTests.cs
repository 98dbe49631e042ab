using System.Text;
using MultiArch.Oci;
using MultiArch.Testing;
using MultiArch.Testing.Archives;

namespace MultiArch.Build.Tests;

/// <summary>Packages of an archive that the test builds, signs and serves, in real publishes: what is laid down, what is locked, and what is refused.</summary>
[TestClass]
public sealed class OSPackagesTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task Packages_lie_below_the_app_and_what_is_for_all_platforms_is_shared()
    {
        using var archive = await ArchiveAsync();
        using var project = await ProjectAsync(archive);

        var publish = (await project.PublishAsync()).ShouldSucceed();

        Assert.Contains("Packages for linux-arm64: 2", publish.Output);
        var layout = OciLayout.Read(project.ImageFolder);
        foreach (var (platform, architecture) in new[] { ("linux/amd64", "amd64"), ("linux/arm64", "arm64") })
        {
            var image = layout[platform];
            Assert.AreEqual($"for {architecture}", Text(image, "usr/lib/libfoo.so.1"));
            Assert.AreEqual("data", Text(image, "usr/share/foo/data.txt"));
            Assert.Contains("Package: foo-data\n", Text(image, "var/lib/dpkg/status.d/foo-data"));
            Assert.Contains($"Architecture: {architecture}\n", Text(image, "var/lib/dpkg/status.d/libfoo1"));
            Assert.AreEqual("1654", image.Config.Config!.User);
            Assert.Contains("app:x:1654:1654:", Text(image, "etc/passwd"));
            Assert.IsTrue(image.Entries.Any(entry => entry.Name == "usr/lib/mine.txt"), "/lib is the system's link, and stays one.");
            Assert.IsFalse(image.Entries.Any(entry => entry.Name == "lib/"));
            Assert.IsTrue(image.Layers[^1].Any(entry => entry.Name == "app/hello.dll"), "The app is on top.");
        }

        Assert.AreEqual(layout["linux/amd64"].Manifest.Layers[0].Digest, layout["linux/arm64"].Manifest.Layers[0].Digest);
    }

    [TestMethod]
    public async Task With_the_lock_another_day_gives_the_same_digest_and_a_new_lock_gives_what_is_new()
    {
        using var archive = await ArchiveAsync();
        using var project = await ProjectAsync(archive);
        var first = (await project.PublishAsync()).ShouldSucceed().PublishedDigest();
        var locked = await File.ReadAllTextAsync(Path.Combine(project.Folder, "multiarch.lock.json"), TestContext.CancellationToken);
        Assert.Contains("\"version\": \"1.0\"", locked);

        await AddAsync(archive, "1.1");
        Forget(project);
        var second = (await project.PublishAsync("-p:MultiArchLockedMode=true")).ShouldSucceed();
        Assert.AreEqual(first, second.PublishedDigest());
        Assert.DoesNotContain("Looking up packages", second.Output);

        (await project.DotnetAsync("build", "-t:UpdateMultiArchLock")).ShouldSucceed();
        Assert.Contains("\"version\": \"1.1\"", await File.ReadAllTextAsync(Path.Combine(project.Folder, "multiarch.lock.json"), TestContext.CancellationToken));
        Assert.AreNotEqual(first, (await project.PublishAsync("-p:MultiArchLockedMode=true")).ShouldSucceed().PublishedDigest());
    }

    [TestMethod]
    public async Task With_the_packages_at_hand_no_archive_is_needed()
    {
        using var archive = await ArchiveAsync();
        using var project = await ProjectAsync(archive);
        var first = (await project.PublishAsync()).ShouldSucceed().PublishedDigest();
        archive.Server.Dispose();
        Directory.Delete(Path.Combine(project.Folder, "obj", "multiarch", "packages"), recursive: true);

        var second = (await project.PublishAsync("-v:n")).ShouldSucceed();

        Assert.AreEqual(first, second.PublishedDigest());
        Assert.DoesNotContain("Packing layer", second.Output);
    }

    [TestMethod]
    public async Task A_package_that_was_changed_is_refused_and_nothing_is_published()
    {
        using var archive = await ArchiveAsync();
        using var project = await ProjectAsync(archive);
        (await project.PublishAsync()).ShouldSucceed();
        var before = await File.ReadAllTextAsync(Path.Combine(project.ImageFolder, "index.json"), TestContext.CancellationToken);
        foreach (var deb in Directory.EnumerateFiles(archive.Root, "libfoo1_*.deb", SearchOption.AllDirectories))
        {
            await using var file = File.OpenWrite(deb);
            file.Position = 200;
            file.WriteByte(0);
        }

        Forget(project);
        var error = (await project.PublishAsync()).ShouldFailWith(DiagnosticCodes.ArchiveContentMismatch);

        Assert.Contains("libfoo1 1.0", error);
        Assert.AreEqual(before, await File.ReadAllTextAsync(Path.Combine(project.ImageFolder, "index.json"), TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task A_package_that_no_source_has_any_more_is_named_with_the_target_to_run()
    {
        using var archive = await ArchiveAsync();
        using var project = await ProjectAsync(archive);
        (await project.PublishAsync()).ShouldSucceed();
        foreach (var deb in Directory.EnumerateFiles(archive.Root, "foo-data_*.deb", SearchOption.AllDirectories))
        {
            File.Delete(deb);
        }

        Forget(project);
        var error = (await project.PublishAsync()).ShouldFailWith(DiagnosticCodes.PackageGone);

        Assert.Contains("foo-data 1.0", error);
        Assert.Contains("-t:UpdateMultiArchLock", error);
    }

    [TestMethod]
    public async Task In_locked_mode_a_missing_lock_and_other_wishes_are_refused()
    {
        using var archive = await ArchiveAsync();
        using var project = await ProjectAsync(archive);

        // In another of MSBuild's words for true.
        Assert.Contains("there is no such file", (await project.PublishAsync("-p:MultiArchLockedMode=yes")).ShouldFailWith(DiagnosticCodes.NotLocked));

        (await project.DotnetAsync("build", "-t:UpdateMultiArchLock")).ShouldSucceed();
        Assert.Contains("'foo-data' is new", (await project.PublishAsync("-p:MultiArchLockedMode=true", "-p:More=foo-data")).ShouldFailWith(DiagnosticCodes.NotLocked));
        Assert.Contains("Locking linux-x64 anew", (await project.PublishAsync("-p:More=foo-data")).ShouldSucceed().Output);
    }

    [TestMethod]
    public async Task A_web_app_does_not_ship_its_lock()
    {
        using var project = await TestProject.WebAsync("<PropertyGroup><MultiArchLockFile>locks/mine.json</MultiArchLockFile></PropertyGroup>");
        project.With("settings.json", "{}");
        (await project.DotnetAsync("build", "-t:UpdateMultiArchLock")).ShouldSucceed();
        Assert.IsTrue(File.Exists(Path.Combine(project.Folder, "locks", "mine.json")));

        (await project.PublishAsync("-r", "linux-x64")).ShouldSucceed();

        var names = OciLayout.Read(project.ImageFolder)["linux/amd64"].Entries.Select(entry => entry.Name).ToList();
        Assert.Contains("app/settings.json", names, "Every other .json is the app's.");
        Assert.DoesNotContain("app/locks/mine.json", names);
    }

    [TestMethod]
    public async Task A_platform_without_packages_stays_in_the_index_and_in_the_lock()
    {
        using var archive = await ArchiveAsync();
        using var project = await ProjectAsync(archive, condition: "'$(RuntimeIdentifier)' == 'linux-arm64'");

        (await project.PublishAsync()).ShouldSucceed();

        var layout = OciLayout.Read(project.ImageFolder);
        Assert.AreEqual("linux/amd64 linux/arm64", string.Join(' ', layout.Images.Select(image => image.Platform)));
        Assert.IsFalse(layout["linux/amd64"].Entries.Any(entry => entry.Name == "usr/lib/libfoo.so.1"));
        Assert.AreEqual("for arm64", Text(layout["linux/arm64"], "usr/lib/libfoo.so.1"));
        Assert.AreEqual(layout.IndexDigest.ToString(), (await project.PublishAsync("-p:MultiArchLockedMode=true")).ShouldSucceed().PublishedDigest());
    }

    [TestMethod]
    public async Task A_name_that_one_architecture_does_not_have_is_one_line()
    {
        using var archive = await ArchiveAsync();
        await archive.AddAsync(new TestPackage("only-amd64", "1", "amd64"));
        await archive.PublishAsync();
        using var project = await ProjectAsync(archive);

        var error = (await project.PublishAsync("-p:More=only-amd64")).ShouldFailWith(DiagnosticCodes.PackageUnknown);

        Assert.Contains("'only-amd64' for arm64", error);
        Assert.IsFalse(File.Exists(Path.Combine(project.Folder, "multiarch.lock.json")), "Nothing is locked that cannot be had.");
    }

    [TestMethod]
    public async Task A_file_of_a_package_and_of_the_app_is_one_line_that_names_both()
    {
        using var archive = await ArchiveAsync();
        await archive.AddAsync(new TestPackage("greedy", "1") { Files = [new("app/hello.dll", "mine")] });
        await archive.PublishAsync();
        using var project = await ProjectAsync(archive);

        var error = (await project.PublishAsync("-p:More=greedy")).ShouldFailWith(DiagnosticCodes.FileOfPackageAndApp);

        Assert.Contains("/app/hello.dll", error);
        Assert.Contains("greedy", error);
    }

    [TestMethod]
    public async Task An_archive_that_nobody_trusted_has_signed_is_refused()
    {
        using var archive = await ArchiveAsync();
        using var stranger = new TestArchive(key: new ArchiveKey(new ArchiveKeyOptions()));
        using var project = await ProjectAsync(archive, stranger.KeyringPath);

        (await project.PublishAsync()).ShouldFailWith(DiagnosticCodes.NotSignedByTrustedKey);
    }

    [TestMethod]
    public async Task Ubuntus_form_is_read_as_Debians_is()
    {
        using var archive = await ArchiveAsync(ArchiveForm.Ubuntu);
        using var project = await ProjectAsync(archive);

        (await project.PublishAsync()).ShouldSucceed();

        Assert.AreEqual("for arm64", Text(OciLayout.Read(project.ImageFolder)["linux/arm64"], "usr/lib/libfoo.so.1"));
    }

    [TestMethod]
    public async Task Packages_for_musl_are_refused()
    {
        using var archive = await ArchiveAsync();
        using var project = await ProjectAsync(archive);

        (await project.PublishAsync("-r", "linux-musl-x64")).ShouldFailWith(DiagnosticCodes.NoDebianArchitecture);
    }

    /// <summary>A library for each architecture, and the data that it needs.</summary>
    private static async Task<TestArchive> ArchiveAsync(ArchiveForm? form = null)
    {
        Tool.Require("dpkg-deb");
        var archive = new TestArchive(form);
        await AddAsync(archive, "1.0");
        return archive;
    }

    private static async Task AddAsync(TestArchive archive, string version)
    {
        var needs = new Dictionary<string, string> { ["Depends"] = $"foo-data (= {version})" };
        foreach (var architecture in new[] { "amd64", "arm64" })
        {
            await archive.AddAsync(new TestPackage("libfoo1", version, architecture) { Fields = needs, Files = [new("usr/lib/libfoo.so.1", $"for {architecture}")] });
        }

        await archive.AddAsync(new TestPackage("foo-data", version) { Files = [new("usr/share/foo/data.txt", "data"), new("usr/share/doc/foo-data/README", "read me")] });
        await archive.PublishAsync();
    }

    private static Task<TestProject> ProjectAsync(TestArchive archive, string? keyring = null, string condition = "true") => TestProject.ConsoleAsync($"""
        <PropertyGroup><MultiArchOSPackageCache>cache</MultiArchOSPackageCache></PropertyGroup>
        <ItemGroup>
          <MultiArchFile Include="Program.cs" TargetPath="/lib/mine.txt" />
        </ItemGroup>
        <ItemGroup Condition="{condition}">
          <MultiArchOSPackage Include="libfoo1;$(More)" />
          <MultiArchOSPackageSource Include="{archive.Uri}" Suite="{archive.Form.Folder}" Components="main" SignedBy="{keyring ?? archive.KeyringPath}" />
        </ItemGroup>
        """);

    /// <summary>As on another machine: what was fetched and unpacked is gone.</summary>
    private static void Forget(TestProject project)
    {
        Directory.Delete(Path.Combine(project.Folder, "cache"), recursive: true);
        Directory.Delete(Path.Combine(project.Folder, "obj"), recursive: true);
    }

    private static string Text(OciImage image, string path) => Encoding.UTF8.GetString(image.Read(path));
}

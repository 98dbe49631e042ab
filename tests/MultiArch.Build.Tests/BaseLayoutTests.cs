using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The base that every image of these tests stands on, as tests/make-base.sh makes it.</summary>
[TestClass]
public sealed class BaseLayoutTests
{
    public TestContext TestContext { get; set; } = null!; // set by MSTest

    [TestMethod]
    public async Task Each_blob_is_what_its_name_says()
    {
        var layout = await TestBase.GetLayoutAsync();

        var blobs = Directory.GetFiles(Path.Combine(layout, "blobs", "sha256"));

        Assert.HasCount(7, blobs); // an index, and for each of two platforms a manifest, a config and a layer
        foreach (var blob in blobs)
        {
            await using var content = File.OpenRead(blob);
            var hash = await SHA256.HashDataAsync(content, TestContext.CancellationToken);
            Assert.AreEqual(Path.GetFileName(blob), Digest.FromHash(hash).Hex);
        }
    }

    [TestMethod]
    public async Task Its_one_entry_is_an_index_of_two_platforms_tagged_latest()
    {
        var layout = await TestBase.GetLayoutAsync();

        var entry = ImageIndex.Parse(await File.ReadAllBytesAsync(Path.Combine(layout, "index.json"), TestContext.CancellationToken)).Manifests.Single();

        Assert.AreEqual(MediaTypes.OciIndex, entry.MediaType);
        Assert.AreEqual("latest", entry.Annotations?["org.opencontainers.image.ref.name"]);
        CollectionAssert.AreEqual(
            new[] { Platform.LinuxAmd64, Platform.LinuxArm64 },
            ImageIndex.Parse(Read(layout, entry)).Manifests.Select(manifest => manifest.Platform).ToArray());
    }

    [TestMethod]
    public async Task Each_config_has_the_platform_of_its_entry_and_the_digest_of_its_uncompressed_layer()
    {
        var layout = await TestBase.GetLayoutAsync();

        foreach (var (entry, manifest, config) in ReadImages(layout))
        {
            Assert.AreEqual(entry.Platform, config.Platform);
            await using var layer = OpenLayer(layout, manifest);
            var hash = await SHA256.HashDataAsync(layer, TestContext.CancellationToken);
            Assert.AreEqual(config.RootFS.DiffIds.Single(), Digest.FromHash(hash));
        }
    }

    [TestMethod]
    public async Task Each_layer_has_the_loader_of_its_platform_where_programs_look_for_it()
    {
        var layout = await TestBase.GetLayoutAsync();

        foreach (var (entry, manifest, _) in ReadImages(layout))
        {
            using var folder = new TempDirectory();
            await using (var layer = OpenLayer(layout, manifest))
            {
                ExtractLibraries(layer, folder.Path);
            }

            var loader = entry.Platform == Platform.LinuxAmd64 ? "/lib64/ld-linux-x86-64.so.2" : "/lib/ld-linux-aarch64.so.1";
            var file = new RootedPath(folder.Path).Resolve(loader);
            Assert.IsTrue(File.Exists(file), $"{entry.Platform}: {loader} leads to {file}");
        }
    }

    [TestMethod]
    public async Task A_second_call_leaves_the_layout_alone()
    {
        var layout = await TestBase.GetLayoutAsync();
        var before = Snapshot(layout);

        (await MakeBase(layout).RunAsync(TestContext.CancellationToken)).ShouldSucceed();

        CollectionAssert.AreEqual(before, Snapshot(layout));
    }

    [TestMethod]
    public async Task A_folder_with_something_else_in_it_is_refused_and_left_alone()
    {
        using var folder = new TempDirectory();
        var note = folder.Write("note.txt", "mine");

        var result = (await MakeBase(folder.Path).RunAsync(TestContext.CancellationToken)).ShouldFail();

        StringAssert.Contains(result.StandardError, $"{folder.Path} is not empty");
        Assert.AreEqual("mine", await File.ReadAllTextAsync(note, TestContext.CancellationToken));
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public async Task A_missing_tool_is_named_in_one_line()
    {
        using var folder = new TempDirectory();
        using var onPath = new TempDirectory();
        foreach (var tool in new[] { "grep", "ls", "mkdir", "dirname", "rm" })
        {
            Tool.Require(tool);
            File.CreateSymbolicLink(onPath[tool], Tool.Find(tool)!);
        }

        var command = new CommandLine(Tool.Find("bash")!, TestBase.Script, folder.Path)
        {
            Environment = new Dictionary<string, string?> { ["PATH"] = onPath.Path },
        };
        var result = (await command.RunAsync(TestContext.CancellationToken)).ShouldFail();

        Assert.AreEqual("make-base: error: mmdebstrap is not installed (tests/install-tools.sh installs it)", result.Output.Trim());
    }

    private static CommandLine MakeBase(string folder) => new("bash", TestBase.Script, folder);

    private static byte[] Read(string layout, Descriptor descriptor) => File.ReadAllBytes(PathOf(layout, descriptor));

    private static string PathOf(string layout, Descriptor descriptor) => Path.Combine(layout, "blobs", "sha256", descriptor.Digest.Hex);

    private static IEnumerable<(Descriptor Entry, ImageManifest Manifest, ImageConfig Config)> ReadImages(string layout)
    {
        var index = ImageIndex.Parse(File.ReadAllBytes(Path.Combine(layout, "index.json"))).Manifests.Single();
        foreach (var entry in ImageIndex.Parse(Read(layout, index)).Manifests)
        {
            var manifest = ImageManifest.Parse(Read(layout, entry));
            yield return (entry, manifest, ImageConfig.Parse(Read(layout, manifest.Config)));
        }
    }

    private static GZipStream OpenLayer(string layout, ImageManifest manifest) =>
        new(File.OpenRead(PathOf(layout, manifest.Layers.Single())), CompressionMode.Decompress);

    /// <summary>Links and loaders alone; the links are made as they stand, for what they mean depends on the root.</summary>
    private static void ExtractLibraries(Stream layer, string folder)
    {
        using var reader = new TarReader(layer);
        while (reader.GetNextEntry() is { } entry)
        {
            var path = Path.Combine(folder, entry.Name);
            if (entry.EntryType is TarEntryType.Directory)
            {
                Directory.CreateDirectory(path);
            }
            else if (entry.EntryType is TarEntryType.SymbolicLink)
            {
                File.CreateSymbolicLink(path, entry.LinkName);
            }
            else if (Path.GetFileName(entry.Name).StartsWith("ld-linux", StringComparison.Ordinal))
            {
                entry.ExtractToFile(path, overwrite: false);
            }
        }
    }

    private static string[] Snapshot(string folder) =>
        [.. Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}")];
}

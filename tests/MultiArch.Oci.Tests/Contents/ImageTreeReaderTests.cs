using System.IO.Compression;
using System.Text;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Layers;
using MultiArch.Oci.Tests.Publishing;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Contents;

[TestClass]
public sealed class ImageTreeReaderTests
{
    private static readonly ContentSelection Texts = new("texts", path => path.EndsWith(".txt", StringComparison.Ordinal));

    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow("plain")]
    [DataRow("gzip")]
    [DataRow("two gzip members")]
    [DataRow("zstd")]
    [DataRow("zstd frames")]
    public async Task A_layer_is_read_however_it_is_compressed(string compression)
    {
        using var folder = new TempDirectory();
        var tar = await Tar.Of(FixedPlan.In(folder), TestContext.CancellationToken);
        var store = new RecordingStore();
        var layer = await PutAsync(store, Compress(tar, compression));

        var tree = await ReadAsync(new ImageTreeReader(null, Texts), store, [layer], [Digest.Of(tar)]);

        Assert.AreEqual("Hello\n", Encoding.UTF8.GetString(tree.ReadFile("app/link")!));
        Assert.AreEqual(new TreeEntry(TreeEntryType.File, Convert.ToInt32("400", 8), 1654, 1655) { Size = 1 }, tree.Find("app/secret"));
        Assert.AreEqual(Convert.ToInt32("1777", 8), tree.Find("tmp")!.Mode);
        Assert.AreEqual(FixedPlan.LongTarget, tree.Find("app/long-link")!.LinkTarget);
        Assert.AreEqual(4, tree.Find(FixedPlan.LongPath)!.Size);
    }

    [TestMethod]
    public async Task A_tree_is_read_once_for_each_image_and_rule()
    {
        using var folder = new TempDirectory();
        var tar = await Tar.Of(FixedPlan.In(folder), TestContext.CancellationToken);
        var store = new RecordingStore();
        var layer = await PutAsync(store, tar);

        var first = await ReadAsync(new ImageTreeReader(folder["trees"], Texts), store, [layer], [Digest.Of(tar)]);
        var again = await ReadAsync(new ImageTreeReader(folder["trees"], Texts), new RecordingStore(), [layer], [Digest.Of(tar)]);

        CollectionAssert.AreEqual(first.Entries().Select(entry => entry.Path).ToArray(), again.Entries().Select(entry => entry.Path).ToArray());
        Assert.AreEqual("Hello\n", Encoding.UTF8.GetString(again.ReadFile("app/readme.txt")!));
        var other = await ReadAsync(new ImageTreeReader(folder["trees"], Texts with { Identity = "others", Includes = path => path == "app/start.sh" }), store, [layer], [Digest.Of(tar)]);
        Assert.IsNull(other.ReadFile("app/readme.txt"));
        Assert.IsNotNull(other.ReadFile("app/start.sh"));
    }

    [TestMethod]
    public async Task A_spoilt_cache_file_is_none()
    {
        using var folder = new TempDirectory();
        var tar = await Tar.Of(FixedPlan.In(folder), TestContext.CancellationToken);
        var store = new RecordingStore();
        var layer = await PutAsync(store, tar);
        await ReadAsync(new ImageTreeReader(folder["trees"], Texts), store, [layer], [Digest.Of(tar)]);
        var file = Directory.EnumerateFiles(folder["trees"]).Single();
        var bytes = await File.ReadAllBytesAsync(file, TestContext.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.CancellationToken);

        var tree = await ReadAsync(new ImageTreeReader(folder["trees"], Texts), store, [layer], [Digest.Of(tar)]);

        Assert.IsNotNull(tree.ReadFile("app/readme.txt"));
        Assert.AreNotEqual(bytes[^1], (await File.ReadAllBytesAsync(file, TestContext.CancellationToken))[^1], "it was written again");
    }

    [TestMethod]
    public async Task Each_damage_is_one_line_and_nothing_is_kept()
    {
        using var folder = new TempDirectory();
        var tar = await Tar.Of(FixedPlan.In(folder), TestContext.CancellationToken);
        var gzip = Compress(tar, "gzip");
        var zstd = Compress(tar, "zstd");
        var escape = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(tar).Replace("app/nothing", "app/../nogh", StringComparison.Ordinal));
        (string What, byte[] Layer, Digest DiffId)[] cases =
        [
            ("another diffID", gzip, Digest.Of([1])),
            ("cut gzip", gzip[..^100], Digest.Of(tar)),
            ("cut zstd", zstd[..^100], Digest.Of(tar)),
            ("no tar", [.. Enumerable.Repeat((byte)'x', 2000)], Digest.Of(tar)),
            ("cut tar", tar[..700], Digest.Of(tar.AsSpan(0, 700))),
            ("garbage behind", [.. tar, 1], Digest.Of([.. tar, 1])),
            ("a path that leads up", escape, Digest.Of(escape)),
        ];

        foreach (var (what, bytes, diffId) in cases)
        {
            var store = new RecordingStore();
            var layer = await PutAsync(store, bytes);

            var fault = await Assert.ThrowsExactlyAsync<MultiArchException>(() => ReadAsync(new ImageTreeReader(folder["trees"], Texts), store, [layer], [diffId]), what);

            Assert.AreEqual(DiagnosticCodes.BaseContradictsItself, fault.Code, what);
            Assert.StartsWith($"The layer {layer.Digest} of the image 'r.io/base:1' cannot be read: ", fault.Message);
            Assert.DoesNotContain('\n', fault.Message);
            Assert.IsFalse(Directory.Exists(folder["trees"]), what);
        }
    }

    [TestMethod]
    public async Task Files_of_interest_that_are_too_large_are_left_and_too_many_are_refused()
    {
        using var folder = new TempDirectory();
        var tar = await Tar.Of(
            new LayerPlan("base", [.. Enumerable.Range(0, 4).Select(i => new LayerFile($"{i}.txt", folder.Write($"{i}", new string('x', 10 + i))))]),
            TestContext.CancellationToken);
        var store = new RecordingStore();
        var layer = await PutAsync(store, tar);

        var tree = await ReadAsync(new ImageTreeReader(null, Texts with { MaxFileSize = 12 }), store, [layer], [Digest.Of(tar)]);
        Assert.IsNotNull(tree.ReadFile("2.txt"));
        Assert.IsNull(tree.ReadFile("3.txt"));
        Assert.AreEqual(13, tree.Find("3.txt")!.Size);

        await Assert.ThrowsExactlyAsync<MultiArchException>(() => ReadAsync(new ImageTreeReader(null, Texts with { MaxTotalSize = 20 }), store, [layer], [Digest.Of(tar)]));
    }

    [TestMethod]
    public async Task A_real_base_is_read_with_its_links_and_its_list_of_packages()
    {
        using var layout = ImageLayout.Open(await TestBase.GetLayoutAsync());
        var selection = new ContentSelection("debian", path => path is "var/lib/dpkg/status" or "usr/lib/os-release");
        var bases = new BaseTrees(new OneStore(layout), null, new ImageTreeReader(null, selection));

        foreach (var platform in new[] { Platform.LinuxAmd64, Platform.LinuxArm64 })
        {
            var (image, tree) = await bases.ReadAsync(BaseReference.Parse("oci:base", "/"), platform, null, TestContext.CancellationToken);

            Assert.AreEqual(platform.Architecture, image.Config.Platform.Architecture);
            Assert.AreEqual("usr/lib", tree.Find("lib")!.LinkTarget);
            Assert.Contains("ID=debian", Encoding.UTF8.GetString(tree.ReadFile("/etc/os-release")!));
            Assert.Contains("Package: libicu72", Encoding.UTF8.GetString(tree.ReadFile("var/lib/dpkg/status")!));
            Assert.IsNotNull(tree.Follow(platform == Platform.LinuxAmd64 ? "/lib64/ld-linux-x86-64.so.2" : "/lib/ld-linux-aarch64.so.1"));
            Assert.AreEqual(Convert.ToInt32("1777", 8), tree.Find("tmp")!.Mode);
        }

        var (_, nothing) = await bases.ReadAsync(BaseReference.Parse("scratch", "/"), Platform.LinuxAmd64, null, TestContext.CancellationToken);
        Assert.AreEqual(0, nothing.Count);
    }

    private async Task<MergedTree> ReadAsync(ImageTreeReader reader, IImageStore store, IReadOnlyList<Descriptor> layers, IReadOnlyList<Digest> diffIds) =>
        await reader.ReadAsync(store, "r.io/base:1", Digest.Of("manifest"u8), layers, diffIds, TestContext.CancellationToken);

    private static async Task<Descriptor> PutAsync(RecordingStore store, byte[] bytes)
    {
        var blob = new Descriptor(MediaTypes.OciLayerGzip, Digest.Of(bytes), bytes.Length);
        await store.WriteBlobAsync(blob, BlobSource.FromBytes(bytes), CancellationToken.None);
        return blob;
    }

    private static byte[] Compress(byte[] tar, string compression) => compression switch
    {
        "gzip" => Gzip(tar),
        "two gzip members" => [.. Gzip(tar[..1000]), .. Gzip(tar[1000..])],
        "zstd" => Zstd(tar),
        // As zstd:chunked is: frames, and one at the end that says where files lie and that others skip.
        "zstd frames" => [.. Zstd(tar[..1000]), .. Zstd(tar[1000..]), 0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4],
        _ => tar,
    };

    private static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    private static byte[] Zstd(byte[] bytes)
    {
        Tool.Require("zstd");
        return Shell.Run("zstd", ["-c"], bytes).Output;
    }

    private sealed class OneStore(IImageStore store) : IImageSources
    {
        public IImageStore Open(BaseReference reference) => store;

        public IImageStore OpenCache(ImageReference reference) => store;
    }
}

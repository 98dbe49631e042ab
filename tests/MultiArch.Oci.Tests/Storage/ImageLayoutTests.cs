using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Formats;
using MultiArch.Oci.Tests.Layers;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Storage;

[TestClass]
public sealed class ImageLayoutTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task What_is_written_is_read()
    {
        using var folder = new TempDirectory();
        Document manifest;
        using (var layout = ImageLayout.Create(folder["image"]))
        {
            manifest = await StoredImage.WriteAsync(layout, Platform.LinuxAmd64, "one", "two");
            await layout.TagAsync(manifest, ["1.0", "latest"], TestContext.CancellationToken);
        }

        using var reader = ImageLayout.Open(folder["image"]);

        foreach (var reference in new[] { "1.0", "latest", manifest.Digest.ToString() })
        {
            var found = await reader.FindManifestAsync(reference, TestContext.CancellationToken);
            Assert.AreEqual(manifest.Digest, found!.Digest, reference);
            Assert.AreEqual(MediaTypes.OciManifest, found.MediaType);
        }

        var content = ImageManifest.Parse(manifest.Bytes.Span);
        Assert.AreEqual("two", await StoredImage.ReadTextAsync(reader, content.Layers[1]));
        Assert.IsTrue(await reader.ContainsBlobAsync(content.Layers[0], TestContext.CancellationToken));
        Assert.IsFalse(await reader.ContainsBlobAsync(content.Layers[0] with { Size = 4 }, TestContext.CancellationToken));
        Assert.IsFalse(await reader.ContainsBlobAsync(StoredImage.Blob("three"), TestContext.CancellationToken));
        Assert.IsNull(await reader.FindManifestAsync(Digest.Of([1]).ToString(), TestContext.CancellationToken));
        Assert.AreEqual("""{"imageLayoutVersion":"1.0.0"}""", await File.ReadAllTextAsync(folder["image/oci-layout"], TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task Skopeo_reads_what_is_written()
    {
        Tool.Require("skopeo");
        using var folder = new TempDirectory();
        using (var layout = ImageLayout.Create(folder["image"]))
        {
            var manifest = await StoredImage.WriteAsync(layout, Platform.LinuxAmd64, "one");
            var index = await StoredImage.WriteIndexAsync(layout, manifest.Describe() with { Platform = Platform.LinuxAmd64 });
            await layout.TagAsync(index, ["1.0", "latest"], TestContext.CancellationToken);

            foreach (var tag in new[] { "1.0", "latest" })
            {
                Assert.AreEqual(Json.Text(index), Shell.Text("skopeo", ["inspect", "--raw", $"oci:{folder["image"]}:{tag}"]));
            }
        }
    }

    [TestMethod]
    public async Task A_second_publish_leaves_nothing_of_the_first_that_it_does_not_share()
    {
        using var folder = new TempDirectory();
        using (var layout = ImageLayout.Create(folder.Path))
        {
            Platform[] platforms = [Platform.LinuxAmd64, Platform.LinuxArm64, new("arm", "linux", "v7")];
            var manifests = new List<Descriptor>();
            foreach (var platform in platforms)
            {
                manifests.Add((await StoredImage.WriteAsync(layout, platform, "shared", $"old {platform}")).Describe() with { Platform = platform });
            }

            await layout.TagAsync(await StoredImage.WriteIndexAsync(layout, manifests), ["old"], TestContext.CancellationToken);
            Assert.HasCount(11, Blobs(folder), "an index, three manifests, three configs and four layers");
        }

        using (var layout = ImageLayout.Create(folder.Path))
        {
            var manifest = await StoredImage.WriteAsync(layout, Platform.LinuxAmd64, "shared", "new");
            var index = await StoredImage.WriteIndexAsync(layout, manifest.Describe() with { Platform = Platform.LinuxAmd64 });
            await layout.TagAsync(index, ["new"], TestContext.CancellationToken);

            var content = ImageManifest.Parse(manifest.Bytes.Span);
            Digest[] expected = [index.Digest, manifest.Digest, content.Config.Digest, StoredImage.Blob("shared").Digest, StoredImage.Blob("new").Digest];
            CollectionAssert.AreEquivalent(expected.Select(digest => digest.Hex).ToArray(), Blobs(folder));
            CollectionAssert.AreEqual(new[] { "new" }, await TagsAsync(folder));
        }
    }

    [TestMethod]
    public async Task Files_of_other_names_stay_and_what_a_killed_writer_left_goes()
    {
        using var folder = new TempDirectory();
        string[] foreign = [folder.Write("README.md", "mine"), folder.Write("blobs/sha256/notes.txt", "mine"), folder.Write("blobs/sha512/abc", "mine"), folder.Write("x.partial", "mine")];
        string[] left = [folder.Write($"blobs/sha256/{Digest.Of([]).Hex}.0badcafe.partial", "half"), folder.Write("index.json.0badcafe.partial", "half")];
        using var layout = ImageLayout.Create(folder.Path);

        await layout.TagAsync(await StoredImage.WriteAsync(layout, Platform.LinuxAmd64, "one"), ["1"], TestContext.CancellationToken);

        Assert.IsEmpty(foreign.Where(file => !File.Exists(file)));
        Assert.IsEmpty(left.Where(File.Exists));
    }

    [TestMethod]
    public async Task An_interrupted_write_leaves_the_old_image()
    {
        using var folder = new TempDirectory();
        Document old;
        using (var layout = ImageLayout.Create(folder.Path))
        {
            old = await StoredImage.WriteAsync(layout, Platform.LinuxAmd64, "old");
            await layout.TagAsync(old, ["1"], TestContext.CancellationToken);
        }

        using (var layout = ImageLayout.Create(folder.Path))
        {
            await StoredImage.WriteBlobAsync(layout, "new");
            var broken = new BlobSource(_ => Task.FromResult<Stream>(new BreakingStream()));
            await Assert.ThrowsExactlyAsync<TimeoutException>(() => layout.WriteBlobAsync(StoredImage.Blob("more"), broken, TestContext.CancellationToken));
        }

        using var reader = ImageLayout.Open(folder.Path);
        var found = await reader.FindManifestAsync("1", TestContext.CancellationToken);
        Assert.AreEqual(old.Digest, found!.Digest);
        Assert.AreEqual("old", await StoredImage.ReadTextAsync(reader, ImageManifest.Parse(found.Bytes.Span).Layers[0]));
        Assert.IsEmpty(Directory.GetFiles(folder.Path, "*.partial", SearchOption.AllDirectories));
    }

    [TestMethod]
    [DataRow("bytes of the same s1ze")]
    [DataRow("short")]
    [DataRow("bytes that are longer than they are said to be")]
    public async Task Wrong_bytes_are_refused_and_not_stored(string actual)
    {
        using var folder = new TempDirectory();
        using var layout = ImageLayout.Create(folder.Path);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => layout.WriteBlobAsync(
            StoredImage.Blob("bytes of the same size"), BlobSource.FromBytes(Json.Bytes(actual)), TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.ContentMismatch, error.Code);
        Assert.IsEmpty(Blobs(folder));
    }

    [TestMethod]
    public async Task A_blob_of_the_right_name_and_a_wrong_size_is_replaced()
    {
        using var folder = new TempDirectory();
        using var layout = ImageLayout.Create(folder.Path);
        var blob = StoredImage.Blob("whole");
        folder.Write($"blobs/sha256/{blob.Digest.Hex}", "who");

        Assert.AreEqual(BlobWrite.Uploaded, await layout.WriteBlobAsync(blob, BlobSource.FromBytes("whole"u8.ToArray()), TestContext.CancellationToken));

        Assert.AreEqual("whole", await StoredImage.ReadTextAsync(layout, blob));
    }

    [TestMethod]
    public async Task A_blob_that_is_there_is_not_opened_again()
    {
        using var folder = new TempDirectory();
        using var layout = ImageLayout.Create(folder.Path);
        var blob = await StoredImage.WriteBlobAsync(layout, "once");
        var source = new BlobSource(_ => throw new AssertFailedException("It was opened."));

        Assert.AreEqual(BlobWrite.Reused, await layout.WriteBlobAsync(blob, source, TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task A_spoilt_blob_fails_its_reader()
    {
        using var folder = new TempDirectory();
        using var layout = ImageLayout.Create(folder.Path);
        var blob = await StoredImage.WriteBlobAsync(layout, "whole");
        folder.Write($"blobs/sha256/{blob.Digest.Hex}", "wh0le");

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => StoredImage.ReadTextAsync(layout, blob));

        Assert.AreEqual(DiagnosticCodes.ContentMismatch, error.Code);
    }

    [TestMethod]
    public async Task A_missing_blob_is_named()
    {
        using var folder = new TempDirectory();
        using var layout = ImageLayout.Create(folder.Path);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => layout.OpenBlobAsync(StoredImage.Blob("x"), TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.ContentMismatch, error.Code);
        Assert.Contains(StoredImage.Blob("x").Digest.ToString(), error.Message);
    }

    [TestMethod]
    public async Task Of_two_writers_the_second_is_told_and_a_reader_is_not()
    {
        using var folder = new TempDirectory();
        using (var first = ImageLayout.Create(folder.Path))
        {
            await first.TagAsync(await StoredImage.WriteAsync(first, Platform.LinuxAmd64), ["1"], TestContext.CancellationToken);

            var error = Assert.ThrowsExactly<MultiArchException>(() => ImageLayout.Create(folder.Path));

            Assert.AreEqual(DiagnosticCodes.LayoutInUse, error.Code);
            Assert.Contains(folder.Path, error.Message);
            using var reader = ImageLayout.Open(folder.Path);
            Assert.IsNotNull(await reader.FindManifestAsync("1", TestContext.CancellationToken));
        }

        ImageLayout.Create(folder.Path).Dispose();
    }

    [TestMethod]
    public void What_is_no_layout_is_not_opened()
    {
        using var folder = new TempDirectory();
        folder.Write("marker-only/oci-layout", "{}");
        folder.Write("index-only/index.json", "{}");

        foreach (var path in new[] { folder.Path, folder["missing"], folder["marker-only"], folder["index-only"], folder["marker-only/oci-layout"] })
        {
            var error = Assert.ThrowsExactly<MultiArchException>(() => ImageLayout.Open(path));

            Assert.AreEqual(DiagnosticCodes.BaseIsNoLayout, error.Code);
            Assert.Contains(path, error.Message);
        }
    }

    [TestMethod]
    public void A_file_in_the_way_of_a_new_layout_is_named()
    {
        using var folder = new TempDirectory();
        folder.Write("file", "in the way");

        var error = Assert.ThrowsExactly<MultiArchException>(() => ImageLayout.Create(folder["file"]));

        Assert.AreEqual(DiagnosticCodes.CannotWrite, error.Code);
        Assert.Contains(folder["file"], error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }

    [TestMethod]
    public async Task A_new_layout_has_no_image_yet()
    {
        using var folder = new TempDirectory();
        using var layout = ImageLayout.Create(folder.Path);

        Assert.IsNull(await layout.FindManifestAsync("latest", TestContext.CancellationToken));
        Assert.IsNull(await layout.FindManifestAsync(Digest.Of([]).ToString(), TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task The_only_image_is_found_by_any_tag_however_often_it_is_tagged()
    {
        using var folder = new TempDirectory();
        using var layout = ImageLayout.Create(folder.Path);
        var manifest = await StoredImage.WriteAsync(layout, Platform.LinuxAmd64, "one");
        await layout.TagAsync(manifest, ["1.0", "1.1"], TestContext.CancellationToken);

        Assert.AreEqual(manifest.Digest, (await layout.FindManifestAsync("latest", TestContext.CancellationToken))!.Digest);
    }

    [TestMethod]
    public async Task Of_several_images_the_one_with_the_tag_is_found_and_without_one_the_list_itself()
    {
        using var folder = new TempDirectory();
        using var layout = ImageLayout.Create(folder.Path);
        var amd64 = await StoredImage.WriteAsync(layout, Platform.LinuxAmd64);
        var arm64 = await StoredImage.WriteAsync(layout, Platform.LinuxArm64);
        var tagged = new Dictionary<string, string> { [ImageLayoutFile.ReferenceName] = "1.0" };
        var list = new ImageIndex(null, [amd64.Describe() with { Platform = Platform.LinuxAmd64 }, arm64.Describe() with { Annotations = tagged }]).ToDocument();
        await File.WriteAllBytesAsync(folder["index.json"], list.Bytes.ToArray(), TestContext.CancellationToken);

        Assert.AreEqual(arm64.Digest, (await layout.FindManifestAsync("1.0", TestContext.CancellationToken))!.Digest);
        var all = await layout.FindManifestAsync("latest", TestContext.CancellationToken);
        Assert.AreEqual(list.Digest, all!.Digest);
        Assert.AreEqual(MediaTypes.OciIndex, all.MediaType);
    }

    [TestMethod]
    public async Task A_writer_that_did_not_tag_takes_back_what_it_wrote()
    {
        using var folder = new TempDirectory();
        var blob = Digest.Of("blob"u8);

        using (var layout = ImageLayout.Create(folder["image"]))
        {
            await layout.WriteBlobAsync(new Descriptor(MediaTypes.OciLayer, blob, 4), BlobSource.FromBytes("blob"u8.ToArray()), CancellationToken.None);
            Assert.IsTrue(File.Exists(folder[$"image/blobs/sha256/{blob.Hex}"]));
        }

        Assert.IsFalse(Directory.Exists(folder["image"]));
    }

    [TestMethod]
    public async Task A_blob_that_went_bad_on_disk_is_written_again()
    {
        using var folder = new TempDirectory();
        using var layout = ImageLayout.Create(folder.Path);
        var blob = new Descriptor(MediaTypes.OciLayer, Digest.Of("blob"u8), 4);
        var file = folder.Write($"blobs/sha256/{blob.Digest.Hex}", "blub");

        var write = await layout.WriteBlobAsync(blob, BlobSource.FromBytes("blob"u8.ToArray()), CancellationToken.None);

        Assert.AreEqual(BlobWrite.Uploaded, write);
        Assert.AreEqual("blob", await File.ReadAllTextAsync(file));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("{}")]
    [DataRow("""{"manifests":[{"mediaType":"m","digest":"sha256:../../etc/passwd","size":1}]}""")]
    [DataRow("""{"manifests":[],"layers":[]}""")]
    public async Task A_broken_index_is_named(string content)
    {
        using var folder = new TempDirectory();
        folder.Write("oci-layout", "{}");
        var file = folder.Write("index.json", content);
        using var layout = ImageLayout.Open(folder.Path);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => layout.FindManifestAsync("latest", TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.BaseContradictsItself, error.Code);
        Assert.Contains(file, error.Message);
    }

    /// <summary>Nothing that is read has an end: it is told at once, and no byte is read.</summary>
    [TestMethod]
    [DataRow("3 GB", "it has 3221225472 bytes, more than 4194304")]
    [DataRow("/dev/zero", "it is a device")]
    [DataRow("named pipe", "it is a named pipe")]
    public async Task An_index_without_an_end_is_not_read(string kind, string why)
    {
        using var folder = new TempDirectory();
        folder.Write("oci-layout", "{}");
        MakeEndless(folder["index.json"], kind);
        using var layout = ImageLayout.Open(folder.Path);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => layout.FindManifestAsync("latest", TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.BaseContradictsItself, error.Code);
        Assert.AreEqual($"'{folder["index.json"]}' cannot be used: {why}. Make the layout again.", error.Message);
    }

    [TestMethod]
    [DataRow("/dev/zero")]
    [DataRow("named pipe")]
    public async Task A_blob_without_an_end_is_none(string kind)
    {
        using var folder = new TempDirectory();
        using var layout = ImageLayout.Create(folder.Path);
        var empty = StoredImage.Blob("");
        MakeEndless(folder[$"blobs/sha256/{empty.Digest.Hex}"], kind);

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => layout.OpenBlobAsync(empty, TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.ContentMismatch, error.Code);
        Assert.IsFalse(await layout.ContainsBlobAsync(empty, TestContext.CancellationToken));
    }

    /// <summary>A publish into a layout whose index.json is another's, of any size, replaces it and does not compare it.</summary>
    [TestMethod]
    public async Task A_very_large_index_is_replaced()
    {
        using var folder = new TempDirectory();
        using var layout = ImageLayout.Create(folder.Path);
        MakeEndless(folder["index.json"], "3 GB");

        await layout.TagAsync(await StoredImage.WriteAsync(layout, Platform.LinuxAmd64), ["1"], TestContext.CancellationToken);

        Assert.IsNotNull(await layout.FindManifestAsync("1", TestContext.CancellationToken));
    }

    /// <summary>Of the size, nothing takes room on the disk.</summary>
    private static void MakeEndless(string path, string kind)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (kind == "named pipe")
        {
            Tool.Require("mkfifo");
            Shell.Text("mkfifo", [path]);
        }
        else if (kind == "3 GB")
        {
            using var file = File.Create(path);
            file.SetLength(3L << 30);
        }
        else
        {
            File.CreateSymbolicLink(path, kind);
        }
    }

    private static string[] Blobs(TempDirectory folder) => [.. Directory.GetFiles(folder["blobs/sha256"]).Select(file => Path.GetFileName(file))];

    private static async Task<string[]> TagsAsync(TempDirectory folder) =>
        [.. ImageIndex.Parse(await File.ReadAllBytesAsync(folder["index.json"])).Manifests.Select(entry => entry.Annotations![ImageLayoutFile.ReferenceName])];

    private sealed class BreakingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new TimeoutException();
    }
}

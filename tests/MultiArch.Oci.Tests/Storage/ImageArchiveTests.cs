using System.Formats.Tar;
using System.Text;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Formats;
using MultiArch.Oci.Tests.Layers;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Storage;

[TestClass]
public sealed class ImageArchiveTests
{
    private static readonly ImageReference Name = new("r.io", "me/app");
    private static readonly DateTime LongAgo = new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task Skopeo_reads_the_index_and_copies_all_of_it()
    {
        Tool.Require("skopeo");
        using var folder = new TempDirectory();
        var index = await PublishAsync(folder, "image.tar", ["1.0"], "shared", "more");

        Assert.AreEqual(Json.Text(index), Shell.Text("skopeo", ["inspect", "--raw", $"oci-archive:{folder["image.tar"]}"]));

        Shell.Text("skopeo", ["--insecure-policy", "copy", "--quiet", "--all", "--preserve-digests", $"oci-archive:{folder["image.tar"]}", $"oci:{folder["copy"]}:1.0"]);
        using var copy = ImageLayout.Open(folder["copy"]);
        Assert.AreEqual(index.Digest, (await copy.FindManifestAsync("1.0", Token))!.Digest);
        Assert.AreEqual("more arm64", await StoredImage.ReadTextAsync(copy, StoredImage.Blob("more arm64")));
    }

    [TestMethod]
    public async Task A_link_stays_and_what_it_names_becomes_the_archive()
    {
        using var folder = new TempDirectory();
        folder.Write("real/image.tar", "old");
        File.CreateSymbolicLink(folder["image.tar"], "real/image.tar");

        await PublishAsync(folder, "image.tar", ["1.0"], "one");

        Assert.AreEqual("real/image.tar", new FileInfo(folder["image.tar"]).LinkTarget);
        Assert.HasCount(1, ImageIndex.Parse(await ReadAsync(folder["real/image.tar"], "index.json")).Manifests);
        Assert.HasCount(1, Directory.GetFiles(folder["real"]), "Nothing half-written lies beside it.");
    }

    [TestMethod]
    public async Task Each_tag_is_an_entry_with_the_names_that_engines_look_for()
    {
        using var folder = new TempDirectory();
        var index = await PublishAsync(folder, "image.tar", ["1.0", "latest"], "one");

        var entries = ImageIndex.Parse(await ReadAsync(folder["image.tar"], "index.json")).Manifests;

        Assert.HasCount(2, entries);
        foreach (var (entry, tag) in entries.Zip(["1.0", "latest"]))
        {
            Assert.AreEqual(index.Digest, entry.Digest);
            Assert.AreEqual(tag, entry.Annotations!["org.opencontainers.image.ref.name"]);
            Assert.AreEqual($"r.io/me/app:{tag}", entry.Annotations["io.containerd.image.name"]);
        }
    }

    [TestMethod]
    public async Task Order_owners_modes_and_times_are_the_rule_not_the_host()
    {
        using var folder = new TempDirectory();
        await PublishAsync(folder, "one/image.tar", ["1.0"], "first", "second");
        await PublishAsync(folder, "two/other.tar", ["1.0"], "first", "second");

        CollectionAssert.AreEqual(await File.ReadAllBytesAsync(folder["one/image.tar"], Token), await File.ReadAllBytesAsync(folder["two/other.tar"], Token));
        var names = new List<string>();
        await using var tar = new TarReader(File.OpenRead(folder["one/image.tar"]));
        while (await tar.GetNextEntryAsync(cancellationToken: Token) is { } entry)
        {
            names.Add(entry.Name);
            Assert.AreEqual(TarEntryFormat.Ustar, entry.Format, "PAX headers name the process.");
            Assert.AreEqual((0, 0, new DateTimeOffset(1980, 1, 1, 0, 0, 1, TimeSpan.Zero)), (entry.Uid, entry.Gid, entry.ModificationTime));
            Assert.AreEqual(entry.EntryType is TarEntryType.Directory ? "755" : "644", Convert.ToString((int)entry.Mode, 8));
        }

        CollectionAssert.AreEqual(names.Order(StringComparer.Ordinal).ToList(), names);
        CollectionAssert.IsSubsetOf(new[] { "blobs/", "blobs/sha256/", "index.json", "oci-layout" }, names);
        Assert.HasCount(4 + 9, names, "An index, two manifests, two configs and four layers.");
    }

    [TestMethod]
    public async Task Nothing_changes_at_the_path_before_the_tags_and_nothing_else_is_left()
    {
        using var folder = new TempDirectory();
        var old = await PublishAsync(folder, "out/image.tar", ["1.0"], "old");
        var before = await File.ReadAllBytesAsync(folder["out/image.tar"], Token);

        Document index;
        using (var archive = Open(folder, "out/image.tar"))
        {
            index = await WriteAsync(archive, "new");
            CollectionAssert.AreEqual(before, await File.ReadAllBytesAsync(folder["out/image.tar"], Token));
            await archive.TagAsync(index, ["1.0"], Token);

            Assert.AreEqual(index.Digest, (await archive.FindManifestAsync("1.0", Token))!.Digest);
        }

        Assert.AreNotEqual(old.Digest, index.Digest);
        Assert.AreEqual(index.Digest, ImageIndex.Parse(await ReadAsync(folder["out/image.tar"], "index.json")).Manifests.Single().Digest);
        AssertAlone(folder, "out/image.tar");
    }

    [TestMethod]
    public async Task A_publish_that_fails_or_is_cancelled_leaves_the_old_archive_and_nothing_else()
    {
        using var folder = new TempDirectory();
        await PublishAsync(folder, "out/image.tar", ["1.0"], "old");
        var before = await File.ReadAllBytesAsync(folder["out/image.tar"], Token);
        File.SetLastWriteTimeUtc(folder["out/image.tar"], LongAgo);

        using (var archive = Open(folder, "out/image.tar"))
        {
            var missing = new ImageManifest(MediaTypes.OciManifest, StoredImage.Blob("config", MediaTypes.OciConfig), [StoredImage.Blob("layer")]).ToDocument();
            await archive.WriteManifestAsync(missing, Token);
            var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => archive.TagAsync(missing, ["1.0"], Token));
            Assert.AreEqual(DiagnosticCodes.ContentMismatch, error.Code);
        }

        using (var archive = Open(folder, "out/image.tar"))
        {
            var index = await WriteAsync(archive, "new");
            await Assert.ThrowsAsync<OperationCanceledException>(() => archive.TagAsync(index, ["1.0"], new CancellationToken(canceled: true)));
        }

        using (var archive = Open(folder, "out/image.tar"))
        {
            await WriteAsync(archive, "given up");
        }

        CollectionAssert.AreEqual(before, await File.ReadAllBytesAsync(folder["out/image.tar"], Token));
        Assert.AreEqual(LongAgo, File.GetLastWriteTimeUtc(folder["out/image.tar"]));
        AssertAlone(folder, "out/image.tar");
    }

    [TestMethod]
    public async Task A_blob_of_the_old_archive_is_not_asked_for_again()
    {
        using var folder = new TempDirectory();
        await PublishAsync(folder, "image.tar", ["1.0"], "base");
        var kept = StoredImage.Blob("base amd64");

        using (var archive = Open(folder, "image.tar"))
        {
            Assert.IsTrue(await archive.ContainsBlobAsync(kept, Token));
            Assert.IsFalse(await archive.ContainsBlobAsync(kept with { Size = kept.Size + 1 }, Token));
            Assert.AreEqual(BlobWrite.Reused, await archive.WriteBlobAsync(kept, NeverAsked, Token));
            Assert.AreEqual(BlobWrite.Uploaded, await archive.WriteBlobAsync(StoredImage.Blob("mine"), BlobSource.FromBytes(Json.Bytes("mine")), Token));
            Assert.AreEqual("base amd64", await StoredImage.ReadTextAsync(archive, kept));
            var manifest = await StoredImage.WriteAsync(archive, Platform.LinuxAmd64, "base amd64", "mine");
            await archive.TagAsync(manifest, ["2.0"], Token);
        }

        Assert.AreEqual("base amd64", Encoding.UTF8.GetString(await ReadAsync(folder["image.tar"], $"blobs/sha256/{kept.Digest.Hex}")));
        await Assert.ThrowsExactlyAsync<AssertFailedException>(() => ReadAsync(folder["image.tar"], $"blobs/sha256/{StoredImage.Blob("base arm64").Digest.Hex}"));
    }

    [TestMethod]
    public async Task A_damaged_blob_of_the_old_archive_is_asked_for_again()
    {
        using var folder = new TempDirectory();
        await PublishAsync(folder, "image.tar", ["1.0"], "base");
        var bytes = await File.ReadAllBytesAsync(folder["image.tar"], Token);
        bytes[bytes.AsSpan().IndexOf("base amd64"u8)] ^= 1;
        await File.WriteAllBytesAsync(folder["image.tar"], bytes, Token);

        using var archive = Open(folder, "image.tar");
        Assert.IsFalse(await archive.ContainsBlobAsync(StoredImage.Blob("base amd64"), Token));
        await archive.TagAsync(await WriteAsync(archive, "base"), ["1.0"], Token);

        Assert.AreEqual("base amd64", Encoding.UTF8.GetString(await ReadAsync(folder["image.tar"], $"blobs/sha256/{StoredImage.Blob("base amd64").Digest.Hex}")));
    }

    [TestMethod]
    public async Task Bytes_that_are_not_the_digests_are_refused()
    {
        using var folder = new TempDirectory();
        using var archive = Open(folder, "image.tar");

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(
            () => archive.WriteBlobAsync(StoredImage.Blob("right"), BlobSource.FromBytes(Json.Bytes("wrong")), Token));

        Assert.AreEqual(DiagnosticCodes.ContentMismatch, error.Code);
        Assert.IsFalse(await archive.ContainsBlobAsync(StoredImage.Blob("right"), Token));
    }

    [TestMethod]
    public async Task An_archive_that_would_be_the_same_is_left_alone_its_time_included()
    {
        using var folder = new TempDirectory();
        await PublishAsync(folder, "image.tar", ["1.0"], "same");
        File.SetLastWriteTimeUtc(folder["image.tar"], LongAgo);

        await PublishAsync(folder, "image.tar", ["1.0"], "same");
        Assert.AreEqual(LongAgo, File.GetLastWriteTimeUtc(folder["image.tar"]));

        await PublishAsync(folder, "image.tar", ["2.0"], "same");
        Assert.AreNotEqual(LongAgo, File.GetLastWriteTimeUtc(folder["image.tar"]), "Another tag is another archive.");
    }

    [TestMethod]
    public async Task Bytes_after_its_end_make_it_another_archive()
    {
        using var folder = new TempDirectory();
        await PublishAsync(folder, "image.tar", ["1.0"], "same");
        var whole = await File.ReadAllBytesAsync(folder["image.tar"], Token);
        await File.AppendAllTextAsync(folder["image.tar"], "more", Token);

        await PublishAsync(folder, "image.tar", ["1.0"], "same");

        CollectionAssert.AreEqual(whole, await File.ReadAllBytesAsync(folder["image.tar"], Token));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("no tar at all")]
    public async Task A_file_that_is_no_archive_is_replaced(string content)
    {
        using var folder = new TempDirectory();
        folder.Write("image.tar", content);

        var index = await PublishAsync(folder, "image.tar", ["1.0"], "new");

        using var archive = Open(folder, "image.tar");
        Assert.AreEqual(index.Digest, (await archive.FindManifestAsync("1.0", Token))!.Digest);
    }

    [TestMethod]
    public async Task What_stands_in_the_archive_is_found_by_tag_and_by_digest()
    {
        using var folder = new TempDirectory();
        var index = await PublishAsync(folder, "image.tar", ["1.0"], "one");
        var child = ImageIndex.Parse(index.Bytes.Span).Manifests[1];

        using var archive = Open(folder, "image.tar");

        Assert.AreEqual(MediaTypes.OciIndex, (await archive.FindManifestAsync("1.0", Token))!.MediaType);
        Assert.AreEqual(index.Digest, (await archive.FindManifestAsync(index.Digest.ToString(), Token))!.Digest);
        Assert.AreEqual(child.Digest, (await archive.FindManifestAsync(child.Digest.ToString(), Token))!.Digest);
        Assert.IsNull(await archive.FindManifestAsync("2.0", Token));
        Assert.IsNull(await archive.FindManifestAsync(Digest.Of([]).ToString(), Token));
    }

    [TestMethod]
    public async Task Of_two_writers_the_last_one_wins_whole()
    {
        using var folder = new TempDirectory();
        var expected = new List<byte[]>();
        foreach (var text in new[] { "first", "second" })
        {
            await PublishAsync(folder, $"{text}.tar", ["1.0"], text);
            expected.Add(await File.ReadAllBytesAsync(folder[$"{text}.tar"], Token));
        }

        await PublishAsync(folder, "image.tar", ["1.0"], "before");
        using var first = Open(folder, "image.tar");
        using var second = Open(folder, "image.tar");
        var firstIndex = await WriteAsync(first, "first");
        var secondIndex = await WriteAsync(second, "second");

        await first.TagAsync(firstIndex, ["1.0"], Token);
        await second.TagAsync(secondIndex, ["1.0"], Token);

        CollectionAssert.AreEqual(expected[1], await File.ReadAllBytesAsync(folder["image.tar"], Token));
    }

    [TestMethod]
    public async Task A_folder_in_the_place_of_the_archive_or_a_file_in_that_of_its_folder_is_one_line()
    {
        using var folder = new TempDirectory();
        Directory.CreateDirectory(folder["image.tar"]);
        folder.Write("file", "in the way");

        var isFolder = Assert.ThrowsExactly<MultiArchException>(() => Open(folder, "image.tar"));
        var hasNoFolder = await Assert.ThrowsExactlyAsync<MultiArchException>(() => PublishAsync(folder, "file/image.tar", ["1.0"], "one"));

        foreach (var (error, path) in new[] { (isFolder, folder["image.tar"]), (hasNoFolder, folder["file"]) })
        {
            Assert.AreEqual(DiagnosticCodes.CannotWrite, error.Code);
            Assert.Contains(path, error.Message);
            Assert.DoesNotContain("\n", error.Message);
        }
    }

    [TestMethod]
    [TestProperty("Catalogue", "88")]
    public async Task A_full_disk_is_one_line_and_leaves_the_old_archive()
    {
        Tool.Require("mount", "umount");
        using var folder = new TempDirectory();
        var disk = Directory.CreateDirectory(folder["disk"]).FullName;
        if (Shell.Run("mount", ["-t", "tmpfs", "-o", "size=256k", "multiarch-test", disk]).ExitCode != 0)
        {
            Assert.Inconclusive("This user may not mount a tmpfs.");
        }

        try
        {
            await PublishAsync(folder, "disk/image.tar", ["1.0"], "small");
            var before = await File.ReadAllBytesAsync(folder["disk/image.tar"], Token);

            var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => PublishAsync(folder, "disk/image.tar", ["1.0"], new string('x', 200_000)));

            Assert.AreEqual(DiagnosticCodes.CannotWrite, error.Code);
            Assert.Contains(disk, error.Message);
            CollectionAssert.AreEqual(before, await File.ReadAllBytesAsync(folder["disk/image.tar"], Token));
            Assert.HasCount(1, Directory.GetFileSystemEntries(disk));
        }
        finally
        {
            Shell.Text("umount", [disk]);
        }
    }

    [TestMethod]
    [DataRow(false, DisplayName = "a plain image")]
    [DataRow(true, DisplayName = "an index of one platform")]
    public async Task One_platform_is_read_as_dockers_own_archive_too(bool inIndex)
    {
        Tool.Require("skopeo");
        using var folder = new TempDirectory();
        Document manifest, image;
        using (var archive = Open(folder, "image.tar"))
        {
            manifest = await StoredImage.WriteAsync(archive, Platform.LinuxArm64, StoredImage.EmptyTar);
            image = inIndex ? await StoredImage.WriteIndexAsync(archive, manifest.Describe() with { Platform = Platform.LinuxArm64 }) : manifest;
            await archive.TagAsync(image, ["1.0", "latest"], Token);
        }

        var config = ImageManifest.Parse(manifest.Bytes.Span).Config.Digest;
        foreach (var tag in new[] { "1.0", "latest" })
        {
            Assert.AreEqual(Json.Text(image), Shell.Text("skopeo", ["inspect", "--raw", $"oci-archive:{folder["image.tar"]}:{tag}"]));
            Assert.Contains(config.ToString(), Shell.Text("skopeo", ["inspect", "--raw", $"docker-archive:{folder["image.tar"]}:r.io/me/app:{tag}"]));
        }
    }

    [TestMethod]
    public async Task Podman_loads_it_under_its_name()
    {
        using var podman = PodmanEngine.Create();
        using var folder = new TempDirectory();
        await PublishAsync(folder, "index.tar", ["1.0"], StoredImage.EmptyTar, "");
        using (var archive = Open(folder, "single.tar"))
        {
            await archive.TagAsync(await StoredImage.WriteAsync(archive, Platform.LinuxAmd64, StoredImage.EmptyTar), ["2.0", "latest"], Token);
        }

        (await podman.RunAsync("load", "-i", folder["index.tar"])).ShouldSucceed();
        (await podman.RunAsync("load", "-i", folder["single.tar"])).ShouldSucceed();

        foreach (var tag in new[] { "1.0", "2.0", "latest" })
        {
            (await podman.RunAsync("image", "exists", $"r.io/me/app:{tag}")).ShouldSucceed();
        }
    }

    private static BlobSource NeverAsked => new(_ => throw new AssertFailedException("The blob was asked for."));

    private static ImageArchive Open(TempDirectory folder, string path) => ImageArchive.Create(folder[path], Name, folder["work"]);

    /// <summary>Writes an image for amd64 and arm64; each layer's text ends in the architecture.</summary>
    private static async Task<Document> WriteAsync(IImageStore store, params string[] layers)
    {
        var entries = new List<Descriptor>();
        foreach (var platform in new[] { Platform.LinuxAmd64, Platform.LinuxArm64 })
        {
            var own = layers.Select(layer => layer == StoredImage.EmptyTar ? layer : $"{layer} {platform.Architecture}").Where(layer => layer[0] != ' ');
            entries.Add((await StoredImage.WriteAsync(store, platform, own)).Describe() with { Platform = platform });
        }

        return await StoredImage.WriteIndexAsync(store, entries);
    }

    private static async Task<byte[]> ReadAsync(string archive, string name)
    {
        await using var tar = new TarReader(File.OpenRead(archive));
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name == name)
            {
                using var bytes = new MemoryStream();
                await entry.DataStream!.CopyToAsync(bytes);
                return bytes.ToArray();
            }
        }

        throw new AssertFailedException($"{archive} does not hold {name}.");
    }

    private static void AssertAlone(TempDirectory folder, string path)
    {
        CollectionAssert.AreEqual(new[] { folder[path] }, Directory.GetFileSystemEntries(Path.GetDirectoryName(folder[path])!));
        Assert.IsFalse(Directory.Exists(folder["work"]) && Directory.GetFileSystemEntries(folder["work"]).Length > 0, "The work folder holds nothing.");
    }

    private async Task<Document> PublishAsync(TempDirectory folder, string path, string[] tags, params string[] layers)
    {
        using var archive = Open(folder, path);
        var index = await WriteAsync(archive, layers);
        await archive.TagAsync(index, tags, Token);
        return index;
    }
}

using System.IO.Compression;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Layers;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Storage;

/// <summary>Archives that other tools have made of a layout, read as a base is.</summary>
[TestClass]
public sealed class ReadOnlyArchiveTests
{
    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    [DataRow("skopeo")]
    [DataRow("tar")]
    public async Task Every_platform_of_what_others_write_is_read(string tool)
    {
        Tool.Require(tool);
        using var folder = new TempDirectory();
        var index = await WriteLayoutAsync(folder, ["1.0"]);
        Archive(tool, folder);

        using var archive = ReadOnlyArchive.Open(folder["image.tar"]);

        Assert.AreEqual(index.Digest, (await archive.FindManifestAsync("latest", Token))!.Digest, "It is the only image.");
        foreach (var entry in ImageIndex.Parse(index.Bytes.Span).Manifests)
        {
            var manifest = ImageManifest.Parse((await archive.FindManifestAsync(entry.Digest.ToString(), Token))!.Bytes.Span);
            Assert.AreEqual($"on {entry.Platform!.Architecture}", await StoredImage.ReadTextAsync(archive, manifest.Layers.Single()));
            Assert.IsTrue(await archive.ContainsBlobAsync(manifest.Config, Token));
        }

        Assert.IsNull(await archive.FindManifestAsync(Digest.Of([]).ToString(), Token));
        Assert.IsFalse(await archive.ContainsBlobAsync(StoredImage.Blob("something else"), Token));
    }

    [TestMethod]
    public void What_is_no_archive_is_one_line_with_the_next_step()
    {
        using var folder = new TempDirectory();
        folder.Write("text", "no tar, and longer than a header of one: " + new string('x', 1024));
        folder.Write("empty", "");
        folder.Write("docker/manifest.json", "[]");
        Shell.Text("tar", ["-C", folder["docker"], "-cf", folder["docker.tar"], "manifest.json"]);
        using (var gzip = new GZipStream(File.Create(folder["image.tar.gz"]), CompressionLevel.Fastest))
        {
            gzip.Write(File.ReadAllBytes(folder["docker.tar"]));
        }

        foreach (var (name, step) in new[]
        {
            ("missing.tar", "Correct its path."), ("text/image.tar", "Correct its path."), ("docker", "oci:<folder>"), ("image.tar.gz", "Decompress it"),
            ("text", "skopeo copy --all"), ("empty", "skopeo copy --all"), ("docker.tar", "no index.json"),
        })
        {
            var error = Assert.ThrowsExactly<MultiArchException>(() => ReadOnlyArchive.Open(folder[name]), name);

            Assert.AreEqual(DiagnosticCodes.BaseIsNoLayout, error.Code, name);
            Assert.Contains($"'{folder[name]}'", error.Message);
            Assert.Contains(step, error.Message);
            Assert.DoesNotContain("\n", error.Message);
        }
    }

    [TestMethod]
    public async Task A_blob_that_is_missing_or_damaged_and_an_index_that_is_none_are_told_as_such()
    {
        Tool.Require("tar");
        using var folder = new TempDirectory();
        await WriteLayoutAsync(folder, ["1.0"]);
        var (missing, damaged) = (StoredImage.Blob("on amd64"), StoredImage.Blob("on arm64"));
        File.Delete(folder[$"layout/blobs/sha256/{missing.Digest.Hex}"]);
        folder.Write($"layout/blobs/sha256/{damaged.Digest.Hex}", "on ARM64");
        Archive("tar", folder);

        using (var archive = ReadOnlyArchive.Open(folder["image.tar"]))
        {
            Assert.IsFalse(await archive.ContainsBlobAsync(missing, Token));
            Assert.IsFalse(await archive.ContainsBlobAsync(damaged, Token));
            foreach (var blob in new[] { missing, damaged })
            {
                var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => StoredImage.ReadTextAsync(archive, blob));
                Assert.AreEqual(DiagnosticCodes.ContentMismatch, error.Code);
                Assert.Contains(folder["image.tar"], error.Message);
            }
        }

        folder.Write("layout/index.json", "{");
        Archive("tar", folder);
        using var broken = ReadOnlyArchive.Open(folder["image.tar"]);
        Assert.AreEqual(DiagnosticCodes.BaseContradictsItself, (await Assert.ThrowsExactlyAsync<MultiArchException>(() => broken.FindManifestAsync("latest", Token))).Code);
    }

    [TestMethod]
    public async Task Of_several_images_the_one_that_is_called_latest_is_taken()
    {
        Tool.Require("tar");
        using var folder = new TempDirectory();
        var index = await WriteLayoutAsync(folder, ["latest"]);
        var other = index.Describe() with { Digest = Digest.Of([]), Annotations = new Dictionary<string, string> { [ImageLayoutFile.ReferenceName] = "other" } };
        var entry = index.Describe() with { Annotations = new Dictionary<string, string> { [ImageLayoutFile.ReferenceName] = "latest" } };
        await File.WriteAllBytesAsync(folder["layout/index.json"], new ImageIndex(MediaTypes.OciIndex, [other, entry]).ToDocument().Bytes.ToArray(), Token);
        Archive("tar", folder);

        using var archive = ReadOnlyArchive.Open(folder["image.tar"]);

        Assert.AreEqual(index.Digest, (await archive.FindManifestAsync("latest", Token))!.Digest);
    }

    [TestMethod]
    public async Task Of_an_archive_that_is_almost_right_what_is_read_is_right_or_refused()
    {
        using var folder = new TempDirectory();
        var index = await WriteLayoutAsync(folder, ["latest"]);
        Archive("tar", folder);
        var right = await File.ReadAllBytesAsync(folder["image.tar"], Token);
        var (read, refused) = (0, 0);

        foreach (var bytes in new Mutations(20261128, [right]).Take(1_500))
        {
            await File.WriteAllBytesAsync(folder["image.tar"], bytes, Token);
            try
            {
                using var archive = ReadOnlyArchive.Open(folder["image.tar"]);
                var found = await archive.FindManifestAsync(index.Digest.ToString(), Token);
                Assert.IsTrue(found is null || found.Digest == index.Digest);
                await archive.FindManifestAsync("latest", Token);
                read++;
            }
            catch (MultiArchException e) when (e.Code is DiagnosticCodes.BaseIsNoLayout or DiagnosticCodes.BaseContradictsItself or DiagnosticCodes.ContentMismatch or DiagnosticCodes.DocumentTooLarge)
            {
                Assert.DoesNotContain("\n", e.Message);
                refused++;
            }
        }

        Assert.IsGreaterThan(100, read);
        Assert.IsGreaterThan(100, refused);
    }

    private static void Archive(string tool, TempDirectory folder)
    {
        if (tool == "skopeo")
        {
            Shell.Text("skopeo", ["--insecure-policy", "copy", "--quiet", "--all", "--preserve-digests", $"oci:{folder["layout"]}:1.0", $"oci-archive:{folder["image.tar"]}"]);
        }
        else
        {
            Shell.Text("tar", ["-C", folder["layout"], "-cf", folder["image.tar"], "."]);
        }
    }

    [TestMethod]
    public void A_named_pipe_is_refused_and_not_waited_for()
    {
        Tool.Require("mkfifo");
        using var folder = new TempDirectory();
        Shell.Text("mkfifo", [folder["image.tar"]]);

        var error = Assert.ThrowsExactly<MultiArchException>(() => ReadOnlyArchive.Open(folder["image.tar"]));

        Assert.AreEqual(DiagnosticCodes.BaseIsNoLayout, error.Code);
        Assert.Contains("it is a named pipe. Name a regular file", error.Message);
    }

    private async Task<Document> WriteLayoutAsync(TempDirectory folder, string[] tags)
    {
        using var layout = ImageLayout.Create(folder["layout"]);
        var entries = new List<Descriptor>();
        foreach (var platform in new[] { Platform.LinuxAmd64, Platform.LinuxArm64 })
        {
            entries.Add((await StoredImage.WriteAsync(layout, platform, $"on {platform.Architecture}")).Describe() with { Platform = platform });
        }

        var index = await StoredImage.WriteIndexAsync(layout, entries);
        await layout.TagAsync(index, tags, Token);
        return index;
    }
}

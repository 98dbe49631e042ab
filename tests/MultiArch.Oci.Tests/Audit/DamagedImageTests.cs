using MultiArch.Oci.Audit;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;
using MultiArch.Testing;
using static MultiArch.Oci.Tests.Audit.ImageIndexBuilder;

namespace MultiArch.Oci.Tests.Audit;

/// <summary>What cannot be read is one line, and the rest of the index is read all the same.</summary>
[TestClass]
public sealed class DamagedImageTests
{
    [TestMethod]
    [DataRow("cut")]
    [DataRow("no tar")]
    [DataRow("links in a circle")]
    [DataRow("hard link to nothing")]
    [DataRow("a path that leads up")]
    [DataRow("another diffID")]
    [DataRow("blob gone")]
    [DataRow("other bytes")]
    public async Task A_damaged_layer_is_told_and_the_other_image_is_read(string damage)
    {
        var index = new ImageIndexBuilder();
        var tar = damage switch
        {
            "no tar" => [.. Enumerable.Repeat((byte)'x', 2000)],
            "cut" => Tar(("app", Program("linux/arm64")))[..700],
            "links in a circle" => Tar(("a -> b", []), ("b -> a", []), ("a/x", [])),
            "hard link to nothing" => Tar(("app => nothing", [])),
            "a path that leads up" => Tar(("../app", [])),
            _ => Tar(("app", Program("linux/arm64"))),
        };
        await index.AddLayersAsync("linux/arm64", null, ["/app"], [tar], damage == "another diffID" ? Digest.Of("x"u8) : null);
        await index.AddAsync("linux/amd64", command: ["/app"], files: [("app", Program("linux/arm64"))]);
        using var folder = new TempDirectory();
        using (var layout = ImageLayout.Create(folder["image"]))
        {
            await index.CopyToAsync(layout);
        }

        var blob = Path.Combine(folder["image"], "blobs", "sha256", Digest.Of(Gzip(tar)).Hex);
        if (damage == "blob gone")
        {
            File.Delete(blob);
        }
        else if (damage == "other bytes")
        {
            var bytes = await File.ReadAllBytesAsync(blob);
            bytes[^1] ^= 1;
            await File.WriteAllBytesAsync(blob, bytes);
        }

        using var opened = ImageLayout.Open(folder["image"]);
        var report = await index.VerifyAsync(opened);

        Assert.AreEqual(DiagnosticCodes.VerifiedImageUnreadable, report.Faults[0].Code);
        Assert.StartsWith("linux/arm64 cannot be read: ", report.Faults[0].Message);
        Assert.DoesNotContain('\n', report.Faults[0].Message);
        Assert.IsFalse(report.Images[0].IsInspected);
        Assert.AreEqual(DiagnosticCodes.FilesOfAnotherPlatform, report.Faults[1].Code, "The other image is judged.");
    }

    [TestMethod]
    [DataRow(2000)]
    [DataRow(5)]
    public async Task A_layer_that_is_neither_compressed_nor_a_tar_is_called_no_tar(int size)
    {
        var index = new ImageIndexBuilder();
        var content = Enumerable.Repeat((byte)'x', size).ToArray();
        var layer = await index.PutAsync(MediaTypes.OciLayer, content);
        var config = ImageConfig.Empty(Platform.LinuxArm64) with { RootFS = new RootFileSystem([layer.Digest]) };
        await index.AddManifestAsync("linux/arm64", config.ToDocument(ImageFormat.Oci), [layer]);

        var fault = (await index.VerifyAsync()).Faults.Single();

        Assert.AreEqual($"linux/arm64 cannot be read: the layer {layer.Digest} cannot be read: it is no tar. Its publisher has to make it again.", fault.Message);
    }

    /// <summary>Every layer is what its config says, and made of what is almost right: nothing but a report comes out.</summary>
    [TestMethod]
    public async Task Layers_of_any_content_end_in_a_report()
    {
        var right = Tar(("usr/bin/", []), ("usr/bin/a", Program("linux/arm64")), ("usr/bin/b => usr/bin/a", []), ("lib -> usr/lib", []), ("usr/bin/.wh.a", []), ("lib/x.so", Program("linux/amd64")));
        var read = 0;
        foreach (var tar in new Mutations(7, [right], "../x", ".wh..wh..opq", "-> .", new string('a', 300)).Take(400))
        {
            var index = new ImageIndexBuilder();
            await index.AddLayersAsync("linux/arm64", null, ["/usr/bin/a"], [right, tar]);

            var report = await index.VerifyAsync();

            Assert.IsTrue(report.Faults.All(fault => !fault.Message.Contains('\n', StringComparison.Ordinal)));
            read += report.Images.Single().IsInspected ? 1 : 0;
        }

        Assert.IsGreaterThan(40, read, "Some are still layers.");
        Assert.IsLessThan(400, read, "Some are none.");
    }

    [TestMethod]
    public async Task A_manifest_that_is_missing_or_contradicts_its_config_is_told()
    {
        var index = new ImageIndexBuilder();
        index.Add(new Descriptor(MediaTypes.OciManifest, Digest.Of("gone"u8), 4, Platform.LinuxArm64));
        await index.AddManifestAsync("linux/amd64", ImageConfig.Empty(Platform.LinuxAmd64).ToDocument(ImageFormat.Oci), [await index.PutAsync(MediaTypes.OciLayerGzip, Gzip(Tar()))]);

        var report = await index.VerifyAsync();

        Assert.AreEqual($"linux/arm64 cannot be read: the index names the manifest {Digest.Of("gone"u8)}, which is missing. Its publisher has to make it again.", report.Faults[0].Message);
        Assert.Contains("the manifest has 1 layers and the config 0 diff_ids", report.Faults[1].Message);
        Assert.IsFalse(report.IsTrue);
    }

    [TestMethod]
    public async Task What_is_no_image_or_not_there_ends_in_one_line()
    {
        var index = new ImageIndexBuilder();
        var missing = await Assert.ThrowsExactlyAsync<MultiArchException>(() => index.VerifyAsync(index.Store));
        Assert.AreEqual("There is no image 'r.io/app:1'. Correct MultiArchImageReference.", missing.Message);

        await index.TagAsync(await index.AddManifestAsync(null, new Document("application/vnd.oci.empty.v1+json", "{}"u8.ToArray()), []));
        var artifact = await Assert.ThrowsExactlyAsync<MultiArchException>(() => index.VerifyAsync(index.Store));
        Assert.AreEqual(DiagnosticCodes.VerifiedImageUnreadable, artifact.Code);
        Assert.Contains("it is no image", artifact.Message);
    }

    [TestMethod]
    public async Task Layouts_and_archives_are_read_as_registries_are()
    {
        var index = new ImageIndexBuilder();
        await index.AddAsync("linux/arm64", command: ["/app"], files: [("app", Program("linux/amd64"))]);
        await index.AddAsync("linux/amd64", command: ["/app"], files: [("app", Program("linux/amd64"))]);
        using var folder = new TempDirectory();
        using (var layout = ImageLayout.Create(folder["image"]))
        {
            await index.CopyToAsync(layout);
        }

        using (var archive = ImageArchive.Create(folder["image.tar"], ImageReference.Parse("r.io/app"), folder["work"]))
        {
            await index.CopyToAsync(archive);
        }

        System.Formats.Tar.TarFile.CreateFromDirectory(folder["image"], folder["plain.tar"], includeBaseDirectory: false);
        var expected = (await index.VerifyAsync()).Faults.Single().Message;

        foreach (var text in new[] { "oci:image", "oci-archive:image.tar", "oci-archive:plain.tar" })
        {
            var location = AuditedReference.Parse(text, folder.Path);
            using var store = location is ImageLocation.Layout { Folder: var path } ? (IDisposable)ImageLayout.Open(path) : ReadOnlyArchive.Open(((ImageLocation.Archive)location).File);
            var report = await new ImageVerifier((IImageStore)store).VerifyAsync(location, [], CancellationToken.None);

            Assert.AreEqual(expected, report.Faults.Single().Message, text);
            Assert.AreEqual(location.ToString(), report.Reference);
            Assert.HasCount(2, report.Images);
        }
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("oci:")]
    [DataRow("oci-archive:")]
    [DataRow("UPPER/case:tag with space")]
    public void A_reference_that_is_none_is_one_line(string text)
    {
        var fault = Assert.ThrowsExactly<MultiArchException>(() => AuditedReference.Parse(text, "/"));

        Assert.AreEqual(DiagnosticCodes.InvalidImageReference, fault.Code);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [TestMethod]
    public void A_reference_may_be_written_as_skopeo_writes_it() =>
        Assert.AreEqual(AuditedReference.Parse("r.io/app:1", "/"), AuditedReference.Parse("docker://r.io/app:1", "/"));

    [TestMethod]
    [DataRow("layout", "it is a folder")]
    [DataRow("image.tar", "it is a file")]
    [DataRow("docker-archive:image.tar", "docker-archive: is not read")]
    public void What_is_on_the_disk_is_not_looked_for_in_a_registry(string text, string why)
    {
        using var folder = new TempDirectory();
        Directory.CreateDirectory(folder["layout"]);
        folder.Write("image.tar", "");

        var fault = Assert.ThrowsExactly<MultiArchException>(() => AuditedReference.Parse(text, folder.Path));

        Assert.AreEqual(DiagnosticCodes.InvalidImageReference, fault.Code);
        Assert.Contains(why, fault.Message);
        Assert.Contains("oci:<folder>", fault.Message);
    }

    [TestMethod]
    public async Task An_index_of_very_many_indexes_is_not_followed()
    {
        var outer = new ImageIndexBuilder();
        for (var i = 0; i < 257; i++)
        {
            outer.Add(new Descriptor(MediaTypes.OciIndex, Digest.Of(BitConverter.GetBytes(i)), 100));
        }

        var fault = await Assert.ThrowsExactlyAsync<MultiArchException>(() => outer.VerifyAsync());

        Assert.AreEqual(DiagnosticCodes.VerifiedImageUnreadable, fault.Code);
        Assert.Contains("more than 256 indexes", fault.Message);
        Assert.IsFalse(outer.Store.Reads.Any(read => read.Contains(Digest.Of(BitConverter.GetBytes(0)).Hex, StringComparison.Ordinal)), "None of them was asked for.");
    }

    [TestMethod]
    public async Task An_index_within_an_index_is_read_and_told()
    {
        var index = new ImageIndexBuilder();
        var entry = await index.AddAsync("linux/s390x", command: ["/app"], files: [("app", Program("linux/amd64"))]);
        var inner = await index.TagIndexAsync(index.Store);
        var outer = new ImageIndexBuilder();
        await index.CopyToAsync(outer.Store);
        outer.Add(inner.Describe());

        var report = await outer.VerifyAsync();

        CollectionAssert.AreEqual(new[] { DiagnosticCodes.FilesOfAnotherPlatform, DiagnosticCodes.IndexWithinIndex }, report.Faults.Select(fault => fault.Code).ToArray());
        Assert.AreEqual(entry.Digest, report.Images.Single().Digest);
    }
}

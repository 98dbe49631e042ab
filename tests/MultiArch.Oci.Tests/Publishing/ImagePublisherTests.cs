using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Storage;

namespace MultiArch.Oci.Tests.Publishing;

[TestClass]
public sealed class ImagePublisherTests
{
    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task From_layout_to_layout_every_platform_has_the_base_and_its_own_layers()
    {
        using var publication = new Publication();
        using (var @base = ImageLayout.Create(publication.Folder["base"]))
        {
            await Publication.WriteBaseAsync(@base, Platform.LinuxAmd64, Platform.LinuxArm64);
        }

        PublishReport report;
        using (var destination = ImageLayout.Create(publication.Folder["image"]))
        {
            report = await publication.PublishAsync(destination, [publication.Plan("linux-x64", "oci:base", "x"), publication.Plan("linux-arm64", "oci:base", "arm")], Token);
        }

        using var image = ImageLayout.Open(publication.Folder["image"]);
        var index = await image.FindManifestAsync("2.0", Token);
        Assert.AreEqual(report.Index!.Digest, index!.Digest);
        var entries = ImageIndex.Parse(index.Bytes.Span).Manifests;
        CollectionAssert.AreEqual(new[] { Platform.LinuxAmd64, Platform.LinuxArm64 }, entries.Select(entry => entry.Platform).ToArray());
        foreach (var (entry, published) in entries.Zip(report.Images))
        {
            var manifest = ImageManifest.Parse((await image.FindManifestAsync(entry.Digest.ToString(), Token))!.Bytes.Span);
            Assert.AreEqual(entry with { Platform = null }, published.Manifest.Describe());
            Assert.HasCount(3, manifest.Layers);
            Assert.AreEqual("base shared", await StoredImage.ReadTextAsync(image, manifest.Layers[0]));
            Assert.AreEqual($"base {entry.Platform!.Architecture}", await StoredImage.ReadTextAsync(image, manifest.Layers[1]));
            var config = ImageConfig.Parse(System.Text.Encoding.UTF8.GetBytes(await StoredImage.ReadTextAsync(image, manifest.Config)));
            CollectionAssert.AreEqual(published.Layers.Select(layer => layer.DiffId).ToArray(), config.RootFS.DiffIds.ToArray());
            CollectionAssert.AreEqual(new[] { null, null, "layer 0" }, published.Layers.Select(layer => layer.Title).ToArray());
        }

        CollectionAssert.AreEqual(new[] { "2.0", "latest" }, report.Tags.ToArray());
        Assert.IsTrue(report.Starts);
    }

    [TestMethod]
    public async Task An_archive_of_a_base_makes_the_same_image_and_its_place_on_this_machine_does_not_show()
    {
        using var publication = new Publication();
        using (var @base = ImageLayout.Create(publication.Folder["base"]))
        {
            await Publication.WriteBaseAsync(@base, Platform.LinuxAmd64, Platform.LinuxArm64);
        }

        using (var archive = ImageArchive.Create(publication.Folder["base.tar"], new ImageReference("r.io", "base"), publication.Folder["work"]))
        {
            await Publication.WriteBaseAsync(archive, Platform.LinuxAmd64, Platform.LinuxArm64);
        }

        var reports = new List<PublishReport>();
        foreach (var @base in new[] { "oci:base", "oci-archive:base.tar" })
        {
            reports.Add(await publication.PublishAsync(new RecordingStore(), [publication.Plan("linux-x64", @base, "x"), publication.Plan("linux-arm64", @base, "arm")], Token));
        }

        Assert.AreEqual(reports[0].Index!.Digest, reports[1].Index!.Digest);
        Assert.AreEqual("oci-archive:base.tar", reports[1].Images[0].BaseName);
    }

    [TestMethod]
    public async Task Blobs_come_first_then_configs_manifests_index_and_the_tags_last()
    {
        using var publication = new Publication();
        var destination = new RecordingStore();

        var report = await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["x", "both"]), publication.Plan("linux-arm64", layers: ["arm", "both"])], Token);

        var layers = report.Images.SelectMany(image => image.Layers).Select(layer => $"blob {layer.Descriptor.Digest}").Distinct().ToArray();
        var manifests = report.Images.Select(image => $"manifest {image.Manifest.Digest}").ToArray();
        Assert.HasCount(6, layers, "three of the base and three of ours: what both platforms have is there once");
        CollectionAssert.AreEquivalent(layers, destination.Writes.Take(6).ToArray());
        Assert.IsTrue(destination.Writes.Skip(6).Take(2).All(write => write.StartsWith("blob ", StringComparison.Ordinal)), "the configs");
        CollectionAssert.AreEqual(manifests, destination.Writes.Skip(8).Take(2).ToArray());
        CollectionAssert.AreEqual(new[] { $"manifest {report.Index!.Digest}", "tag 2.0", "tag latest" }, destination.Writes.Skip(10).ToArray());
    }

    [TestMethod]
    [TestProperty("Catalogue", "45")]
    public async Task A_layer_that_two_platforms_share_is_packed_and_sent_once_and_told_with_both()
    {
        using var publication = new Publication();
        var destination = new RecordingStore();

        var report = await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["both"]), publication.Plan("linux-arm64", layers: ["both"])], Token);

        var packed = publication.Events.OfType<PublishEvent.LayerPacked>().Single();
        CollectionAssert.AreEqual(new[] { "linux-x64", "linux-arm64" }, packed.RuntimeIdentifiers.ToArray());
        Assert.IsTrue(report.Images.All(image => image.Layers[^1].Descriptor == packed.Layer.Descriptor));
        Assert.HasCount(1, destination.Writes.Where(write => write == $"blob {packed.Layer.Descriptor.Digest}"));
    }

    [TestMethod]
    public async Task Equal_input_gives_an_equal_index()
    {
        using var publication = new Publication();
        var plans = new[] { publication.Plan("linux-x64", layers: ["x", "both"]), publication.Plan("linux-arm64", layers: ["both"]) };

        var first = await publication.PublishAsync(new RecordingStore(), plans, Token);
        var second = await publication.PublishAsync(new RecordingStore(), [.. plans.Reverse()], Token);

        Assert.AreEqual(first.Index!.Digest, second.Index!.Digest);
    }

    [TestMethod]
    public async Task A_blob_of_the_base_is_opened_only_when_the_destination_lacks_it_and_names_where_it_can_be_mounted_from()
    {
        using var publication = new Publication { Base = new() { Repository = ImageReference.Parse(Publication.BaseName) } };
        var destination = new RecordingStore { Repository = ImageReference.Parse("r.io/app") };
        var shared = await StoredImage.WriteBlobAsync(destination, "base shared");

        var report = await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["x"])], Token);

        Assert.DoesNotContain($"open {shared.Digest}", publication.Base.Reads);
        Assert.Contains($"open {StoredImage.Blob("base amd64").Digest}", publication.Base.Reads);
        Assert.AreEqual(ImageReference.Parse(Publication.BaseName), destination.MountFrom[StoredImage.Blob("base amd64").Digest]);
        var layers = report.Images.Single().Layers;
        Assert.IsNull(destination.MountFrom[layers[2].Descriptor.Digest], "a layer of ours is nowhere else");
        CollectionAssert.AreEqual(new[] { BlobWrite.Reused, BlobWrite.Uploaded, BlobWrite.Uploaded }, layers.Select(layer => layer.Write).ToArray());
    }

    [TestMethod]
    public async Task A_blob_of_a_layout_cannot_be_mounted()
    {
        using var publication = new Publication();
        using (var @base = ImageLayout.Create(publication.Folder["base"]))
        {
            await Publication.WriteBaseAsync(@base, Platform.LinuxAmd64);
        }

        var destination = new RecordingStore();

        await publication.PublishAsync(destination, [publication.Plan("linux-x64", "oci:base", "x")], Token);

        Assert.IsNull(destination.MountFrom[StoredImage.Blob("base amd64").Digest]);
    }

    [TestMethod]
    [TestProperty("Catalogue", "86")]
    public async Task The_base_is_resolved_once_for_all_platforms()
    {
        using var publication = new Publication();

        await publication.PublishAsync(new RecordingStore(), [publication.Plan("linux-x64", layers: ["x"]), publication.Plan("linux-arm64", layers: ["x"])], Token);

        CollectionAssert.AreEqual(new[] { Publication.BaseName }, publication.Opened);
        Assert.HasCount(1, publication.Base.Reads.Where(read => read == "find 1"));
    }

    [TestMethod]
    public async Task The_folder_of_packed_layers_is_gone_afterwards()
    {
        using var publication = new Publication();
        var wasThere = false;
        publication.OnEvent = happened => wasThere |= happened is PublishEvent.LayerPacked { Layer.File: var file } && File.Exists(file);

        await publication.PublishAsync(new RecordingStore(), [publication.Plan("linux-x64", layers: ["x"])], Token);

        Assert.IsTrue(wasThere);
        Assert.IsFalse(Directory.Exists(publication.WorkFolder));
    }

    [TestMethod]
    public async Task A_machines_folder_in_an_assembly_is_told_once_if_it_is_a_folder_of_this_machine()
    {
        using var publication = new Publication();
        var here = publication.Folder.Write("src/obj/app.dll", "");
        var elsewhere = publication.Folder.Write("elsewhere.dll", "");
        Directory.CreateDirectory(publication.Folder["src/obj"]);
        SyntheticAssembly.Write(here, pdb: publication.Folder["src/obj/app.pdb"]);
        SyntheticAssembly.Write(elsewhere, pdb: "/not/of/this/machine/lib.pdb");
        ImagePlan Plan(string runtimeIdentifier) => publication.Plan(runtimeIdentifier) with
        {
            Layers = [new("app", [new("app/app.dll", here), new("app/lib.dll", elsewhere), new("app/app.txt", here)])],
        };

        await publication.PublishAsync(new RecordingStore(), [Plan("linux-x64"), Plan("linux-arm64")], Token);

        Assert.AreEqual(
            ("app/app.dll", publication.Folder["src/obj"]),
            publication.Events.OfType<PublishEvent.MachinePathsInAssemblies>().Single().Assemblies.Single());
    }
}

using MultiArch.Oci.Formats;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>One platform, asked for without an index.</summary>
[TestClass]
public sealed class SingleManifestTests
{
    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task The_tags_point_at_the_manifest_and_no_index_is_written()
    {
        using var publication = new Publication { Asking = request => request with { SingleManifest = true } };
        var destination = new RecordingStore();

        var report = await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["x"])], Token);

        Assert.IsNull(report.Index);
        Assert.AreSame(report.Images.Single().Manifest, report.Target);
        CollectionAssert.AreEqual(
            new[] { $"manifest {report.Target.Digest}", "tag 2.0", "tag latest" },
            destination.Writes.Where(write => !write.StartsWith("blob ", StringComparison.Ordinal)).ToArray());
        Assert.AreEqual(MediaTypes.OciManifest, (await destination.FindManifestAsync("latest", Token))!.MediaType);
    }

    [TestMethod]
    public async Task The_manifest_is_the_one_that_an_index_would_name()
    {
        using var publication = new Publication();
        var plan = publication.Plan("linux-x64", layers: ["x"]);
        var indexed = await publication.PublishAsync(new RecordingStore(), [plan], Token);
        publication.Asking = request => request with { SingleManifest = true };

        var single = await publication.PublishAsync(new RecordingStore(), [plan], Token);

        Assert.AreEqual(ImageIndex.Parse(indexed.Index!.Bytes.Span).Manifests.Single().Digest, single.Target.Digest);
    }

    [TestMethod]
    public async Task A_layout_that_held_an_index_holds_the_manifest_alone_afterwards()
    {
        using var publication = new Publication();
        var plan = publication.Plan("linux-x64", "scratch", "x");
        using var layout = ImageLayout.Create(publication.Folder["image"]);
        await publication.PublishAsync(layout, [plan], Token);
        publication.Asking = request => request with { SingleManifest = true };

        var report = await publication.PublishAsync(layout, [plan], Token);

        var entries = ImageIndex.Parse(await File.ReadAllBytesAsync(publication.Folder["image/index.json"], Token)).Manifests;
        Assert.AreEqual(report.Target.Describe(), entries.Select(entry => entry with { Annotations = null }).Distinct().Single());
        Assert.HasCount(3, Directory.GetFiles(publication.Folder["image/blobs/sha256"]), "manifest, config and layer");
    }

    [TestMethod]
    public async Task Annotations_for_an_index_are_told_to_be_unused_unless_the_manifest_has_them_too()
    {
        using var publication = new Publication
        {
            Asking = request => request with { SingleManifest = true, IndexAnnotations = new Dictionary<string, string> { ["both"] = "1", ["index"] = "2" } },
        };
        var plan = publication.Plan("linux-x64", layers: ["x"]);
        plan = plan with { Settings = plan.Settings with { Annotations = new Dictionary<string, string> { ["both"] = "1" } } };

        var report = await publication.PublishAsync(new RecordingStore(), [plan], Token);

        CollectionAssert.AreEqual(new[] { "index" }, publication.Events.OfType<PublishEvent.IndexAnnotationsUnused>().Single().Keys.ToArray());
        Assert.AreEqual("both=1", string.Join(' ', ImageManifest.Parse(report.Target.Bytes.Span).Annotations!.Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [TestMethod]
    public async Task Two_platforms_are_no_single_manifest()
    {
        using var publication = new Publication { Asking = request => request with { SingleManifest = true } };
        var destination = new RecordingStore();

        await Assert.ThrowsExactlyAsync<ArgumentException>(() =>
            publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["x"]), publication.Plan("linux-arm64", layers: ["y"])], Token));

        Assert.IsEmpty(destination.Writes);
    }
}

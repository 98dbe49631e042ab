using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Storage;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>Where nothing has changed, a registry is asked what its tags name, and that is all.</summary>
[TestClass]
public sealed class UnchangedPublishTests
{
    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task A_base_costs_one_question_and_each_tag_one()
    {
        using var publication = Remembering();
        var destination = new RecordingStore { Repository = ImageReference.Parse("r.io/app"), KnowsTags = true };
        ImagePlan[] plans = [publication.Plan("linux-x64", layers: ["a", "b"]), publication.Plan("linux-arm64", layers: ["a", "c"])];
        var first = await publication.PublishAsync(destination, plans, Token);
        var (asked, askedOfBase) = (destination.All.Count, publication.Base.All.Count);
        publication.Events.Clear();

        var second = await publication.PublishAsync(destination, plans, Token);

        CollectionAssert.AreEqual(new[] { "resolve 2.0", "resolve latest" }, destination.All.Skip(asked).ToArray());
        CollectionAssert.AreEqual(new[] { "resolve 1" }, publication.Base.All.Skip(askedOfBase).ToArray());
        Assert.AreEqual(first.Target.Digest, second.Target.Digest);
        CollectionAssert.AreEqual(
            first.Images.SelectMany(image => image.Layers).Select(layer => layer with { Write = BlobWrite.Reused }).ToArray(),
            second.Images.SelectMany(image => image.Layers).ToArray());
        Assert.AreEqual(second.Target.Digest, publication.Events.OfType<PublishEvent.Unchanged>().Single().Target.Digest);
    }

    [TestMethod]
    public async Task A_base_that_a_digest_names_costs_nothing()
    {
        using var publication = Remembering();
        await Publication.WriteBaseAsync(publication.Base, Platform.LinuxAmd64);
        var digest = (await publication.Base.FindManifestAsync("1", Token))!.Digest;
        ImagePlan[] plans = [publication.Plan("linux-x64", $"r.io/base:1@{digest}", "a")];
        await publication.PublishAsync(new RecordingStore(), plans, Token);
        var asked = publication.Base.All.Count;

        await publication.PublishAsync(new RecordingStore { Repository = ImageReference.Parse("r.io/app") }, plans, Token);

        CollectionAssert.AreEqual(
            new[] { $"open {StoredImage.Blob("base amd64").Digest}", $"open {StoredImage.Blob("base shared").Digest}" }.Order().ToArray(),
            publication.Base.All.Skip(asked).Order().ToArray(),
            "The new destination lacks its layers; nothing else is asked.");
    }

    [TestMethod]
    public async Task One_tag_that_names_another_image_is_moved_and_nothing_is_packed()
    {
        using var publication = Remembering();
        var destination = new RecordingStore { Repository = ImageReference.Parse("r.io/app"), KnowsTags = true };
        ImagePlan[] plans = [publication.Plan("linux-x64", layers: ["a"])];
        var report = await publication.PublishAsync(destination, plans, Token);
        await destination.TagAsync(TestDocument(), ["latest"], Token);
        publication.Events.Clear();

        await publication.PublishAsync(destination, plans, Token);

        Assert.AreEqual(report.Target.Digest, (await destination.FindManifestAsync("latest", Token))!.Digest);
        Assert.IsEmpty(publication.Events.OfType<PublishEvent.LayerPacked>());
        Assert.IsEmpty(publication.Events.OfType<PublishEvent.Unchanged>());
    }

    [TestMethod]
    public async Task A_base_that_has_changed_is_taken_anew()
    {
        using var publication = Remembering();
        var destination = new RecordingStore { Repository = ImageReference.Parse("r.io/app"), KnowsTags = true };
        ImagePlan[] plans = [publication.Plan("linux-x64", layers: ["a"])];
        var first = await publication.PublishAsync(destination, plans, Token);
        var entry = (await StoredImage.WriteAsync(publication.Base, Platform.LinuxAmd64, "base of today")).Describe() with { Platform = Platform.LinuxAmd64 };
        await publication.Base.TagAsync(await StoredImage.WriteIndexAsync(publication.Base, [entry]), ["1"], Token);

        var second = await publication.PublishAsync(destination, plans, Token);

        Assert.AreNotEqual(first.Target.Digest, second.Target.Digest);
        Assert.AreEqual(entry.Digest, second.Images[0].BaseDigest);
    }

    [TestMethod]
    [TestProperty("Catalogue", "87")]
    public async Task Kept_documents_that_were_spoilt_are_asked_for_again()
    {
        using var publication = Remembering();
        ImagePlan[] plans = [publication.Plan("linux-x64", layers: ["a"]), publication.Plan("linux-arm64", layers: ["a"])];
        var honest = await publication.PublishAsync(new RecordingStore(), plans, Token);
        var files = Directory.GetFiles(publication.Folder["bases"]);
        Assert.HasCount(5, files, "An index, and for each platform a manifest and a config.");
        string[] spoilt = ["", "null", "{}", """{"mediaType":5}"""];
        var other = await File.ReadAllBytesAsync(files[0], Token);

        foreach (var file in files)
        {
            var whole = await File.ReadAllBytesAsync(file, Token);
            foreach (var bytes in spoilt.Select(System.Text.Encoding.UTF8.GetBytes).Append(whole[..^1]).Append(file == files[0] ? [] : other))
            {
                await File.WriteAllBytesAsync(file, bytes, Token);

                var report = await publication.PublishAsync(new RecordingStore(), plans, Token);

                Assert.AreEqual(honest.Target.Digest, report.Target.Digest);
                CollectionAssert.AreEqual(whole, await File.ReadAllBytesAsync(file, Token), "It is kept again.");
            }
        }
    }

    [TestMethod]
    public async Task A_base_in_a_layout_is_not_kept_twice()
    {
        using var publication = Remembering();
        using (var @base = ImageLayout.Create(publication.Folder["base"]))
        {
            await Publication.WriteBaseAsync(@base, Platform.LinuxAmd64);
        }

        await publication.PublishAsync(new RecordingStore(), [publication.Plan("linux-x64", "oci:base", "a")], Token);

        Assert.IsFalse(Directory.Exists(publication.Folder["bases"]));
    }

    [TestMethod]
    public async Task A_folder_that_cannot_be_written_costs_nothing_but_questions()
    {
        using var publication = Remembering();
        publication.Folder.Write("bases", "a file where the folder shall be");
        ImagePlan[] plans = [publication.Plan("linux-x64", layers: ["a"])];

        var first = await publication.PublishAsync(new RecordingStore(), plans, Token);
        var second = await publication.PublishAsync(new RecordingStore(), plans, Token);

        Assert.AreEqual(first.Target.Digest, second.Target.Digest);
    }

    private static Document TestDocument() => new ImageIndex(MediaTypes.OciIndex, []).ToDocument();

    private static Publication Remembering()
    {
        var publication = new Publication { Base = new() { Repository = ImageReference.Parse("r.io/base"), KnowsTags = true } };
        publication.Asking = request => request with { CacheFolder = publication.Folder["cache"], DocumentFolder = publication.Folder["bases"] };
        return publication;
    }
}

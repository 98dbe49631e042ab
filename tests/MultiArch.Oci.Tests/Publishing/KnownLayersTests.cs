using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>What was packed once and lies at the destination is not packed again, and nothing that a cache says can make a wrong image.</summary>
[TestClass]
public sealed class KnownLayersTests
{
    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task A_second_publish_packs_nothing_and_gives_the_same_index()
    {
        using var publication = Remembering();
        var destination = new RecordingStore();
        ImagePlan[] plans = [publication.Plan("linux-x64", layers: ["x", "both"]), publication.Plan("linux-arm64", layers: ["arm", "both"])];
        var first = await publication.PublishAsync(destination, plans, Token);
        var written = destination.Writes.Count(write => write.StartsWith("blob ", StringComparison.Ordinal));
        publication.Events.Clear();

        var second = await publication.PublishAsync(destination, plans, Token);

        Assert.AreEqual(first.Index!.Digest, second.Index!.Digest);
        Assert.IsEmpty(publication.Events.OfType<PublishEvent.LayerPacked>());
        Assert.HasCount(3, publication.Events.OfType<PublishEvent.LayerHeld>());
        Assert.AreEqual(written, destination.Writes.Count(write => write.StartsWith("blob ", StringComparison.Ordinal)));
        Assert.IsTrue(second.Images.SelectMany(image => image.Layers).All(layer => layer.Write is BlobWrite.Reused));
        CollectionAssert.AreEqual(
            first.Images.SelectMany(image => image.Layers).Select(layer => layer.DiffId).ToArray(),
            second.Images.SelectMany(image => image.Layers).Select(layer => layer.DiffId).ToArray());
    }

    [TestMethod]
    public async Task Another_label_packs_nothing_and_another_file_packs_its_layer_alone()
    {
        using var publication = Remembering();
        var destination = new RecordingStore();
        var plan = publication.Plan("linux-x64", layers: ["a", "b"]);
        var first = await publication.PublishAsync(destination, [plan], Token);
        publication.Events.Clear();

        var labelled = plan with { Settings = plan.Settings with { Labels = new Dictionary<string, string> { ["team"] = "blue" } } };
        var second = await publication.PublishAsync(destination, [labelled], Token);

        Assert.AreNotEqual(first.Target.Digest, second.Target.Digest);
        Assert.IsEmpty(publication.Events.OfType<PublishEvent.LayerPacked>());

        await publication.PublishAsync(destination, [publication.Plan("linux-x64", layers: ["a", "changed"])], Token);

        Assert.AreEqual("layer 1", publication.Events.OfType<PublishEvent.LayerPacked>().Single().Layer.Title);
    }

    [TestMethod]
    public async Task A_destination_without_the_blob_gets_it_packed_again()
    {
        using var publication = Remembering();
        var plans = new[] { publication.Plan("linux-x64", layers: ["x"]) };
        var first = await publication.PublishAsync(new RecordingStore(), plans, Token);
        publication.Events.Clear();
        var elsewhere = new RecordingStore();

        var second = await publication.PublishAsync(elsewhere, plans, Token);

        Assert.AreEqual(first.Target.Digest, second.Target.Digest);
        Assert.HasCount(1, publication.Events.OfType<PublishEvent.LayerPacked>());
        Assert.Contains($"blob {second.Images[0].Layers[^1].Descriptor.Digest}", elsewhere.Writes);
    }

    [TestMethod]
    public async Task A_destination_that_lost_the_blob_gets_it_before_anything_that_names_it()
    {
        using var publication = Remembering();
        var destination = new RecordingStore();
        var plans = new[] { publication.Plan("linux-x64", layers: ["x"]) };
        var first = await publication.PublishAsync(destination, plans, Token);
        var lost = first.Images[0].Layers[^1].Descriptor.Digest;
        destination.Lose(lost);
        publication.Events.Clear();
        var before = destination.Writes.Count;

        var second = await publication.PublishAsync(destination, plans, Token);

        Assert.AreEqual(first.Target.Digest, second.Target.Digest);
        Assert.AreEqual($"blob {lost}", destination.Writes[before]);
        Assert.AreEqual(BlobWrite.Uploaded, second.Images[0].Layers[^1].Write);
    }

    [TestMethod]
    [TestProperty("Catalogue", "87")]
    public async Task A_blob_that_the_disk_has_spoilt_is_packed_again()
    {
        using var publication = Remembering();
        var plans = new[] { publication.Plan("linux-x64", "scratch", "x") };
        using var layout = ImageLayout.Create(publication.Folder["image"]);
        var layer = (await publication.PublishAsync(layout, plans, Token)).Images[0].Layers[0].Descriptor;
        var blob = publication.Folder[$"image/blobs/sha256/{layer.Digest.Hex}"];
        var whole = await File.ReadAllBytesAsync(blob, Token);
        await File.WriteAllBytesAsync(blob, [.. whole[..^1], (byte)~whole[^1]], Token);

        await publication.PublishAsync(layout, plans, Token);

        CollectionAssert.AreEqual(whole, await File.ReadAllBytesAsync(blob, Token));
    }

    [TestMethod]
    public async Task A_record_that_lies_is_found_out_when_the_layer_is_packed_and_replaced()
    {
        using var publication = Remembering();
        var destination = new RecordingStore();
        var plan = publication.Plan("linux-x64", "scratch", "x");
        var recipe = await LayerRecipe.ReadAsync(plan.Layers[0], Token);
        var known = new KnownLayers(publication.Folder["cache"], LayerCompression.Default, destination: null);
        var wrong = Images.Sample.Layer('1');
        known.Remember(recipe, wrong);

        var report = await publication.PublishAsync(destination, [plan], Token);

        var published = report.Images[0].Layers.Single();
        Assert.AreNotEqual(wrong.Descriptor.Digest, published.Descriptor.Digest);
        Assert.AreEqual(new KnownLayer(published.Descriptor, published.DiffId, known.Find(recipe)!.UncompressedSize), known.Find(recipe));
        Assert.AreEqual(published.Descriptor, ImageManifest.Parse(report.Images[0].Manifest.Bytes.Span).Layers.Single());
    }

    [TestMethod]
    [TestProperty("Catalogue", "87")]
    public async Task A_record_that_was_edited_cut_or_copied_to_another_layer_is_not_believed()
    {
        using var publication = Remembering();
        var destination = new RecordingStore();
        var plan = publication.Plan("linux-x64", "scratch", "x", "y");
        var honest = await publication.PublishAsync(destination, [plan], Token);
        var files = Directory.GetFiles(publication.Folder["cache"]);
        Assert.HasCount(2, files);
        var first = await File.ReadAllTextAsync(files[0], Token);
        var second = await File.ReadAllTextAsync(files[1], Token);
        var digests = honest.Images[0].Layers.Select(layer => layer.Descriptor.Digest.ToString()).ToArray();
        string Swap(string text) => text.Contains(digests[0], StringComparison.Ordinal) ? text.Replace(digests[0], digests[1]) : text.Replace(digests[1], digests[0]);
        string[] spoilt = [second, Swap(first), first[..^20], "", "null", "[]", "{\"Recipe\":5}", "\0\u0001", first.Replace("\"Encoder\"", "\"Other\"")];

        foreach (var text in spoilt)
        {
            await File.WriteAllTextAsync(files[0], text, Token);
            publication.Events.Clear();
            publication.Asking = request => Remember(publication, request) with { Tags = [NewTag()] };

            var report = await publication.PublishAsync(destination, [plan], Token);

            Assert.AreEqual(honest.Target.Digest, report.Target.Digest, text);
            Assert.HasCount(1, publication.Events.OfType<PublishEvent.LayerPacked>(), text);
            Assert.AreEqual(first, await File.ReadAllTextAsync(files[0], Token), "The record is made again.");
        }
    }

    [TestMethod]
    public async Task A_record_of_another_encoder_counts_for_nothing()
    {
        using var publication = Remembering();
        var destination = new RecordingStore();
        var plans = new[] { publication.Plan("linux-x64", "scratch", "x") };
        await publication.PublishAsync(destination, plans, Token);
        var file = Directory.GetFiles(publication.Folder["cache"]).Single();
        var record = System.Text.Json.JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, Token), LayerRecordJson.Default.LayerRecord)! with { Encoder = "gzip of tomorrow" };
        await File.WriteAllBytesAsync(
            file, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(record with { Seal = record.ComputeSeal() }, LayerRecordJson.Default.LayerRecord), Token);
        publication.Events.Clear();
        publication.Asking = request => Remember(publication, request) with { Tags = [NewTag()] };

        await publication.PublishAsync(destination, plans, Token);

        Assert.HasCount(1, publication.Events.OfType<PublishEvent.LayerPacked>());
    }

    [TestMethod]
    public async Task An_unchanged_publish_touches_no_file_of_cache_and_layout()
    {
        using var publication = Remembering();
        var plans = new[] { publication.Plan("linux-x64", "scratch", "x"), publication.Plan("linux-arm64", "scratch", "arm") };
        async Task PublishAsync()
        {
            using var layout = ImageLayout.Create(publication.Folder["image"]);
            await publication.PublishAsync(layout, plans, Token);
        }

        await PublishAsync();
        var files = Directory.GetFiles(publication.Folder.Path, "*", SearchOption.AllDirectories);
        var old = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        Array.ForEach(files, file => File.SetLastWriteTimeUtc(file, old));

        await PublishAsync();

        var after = Directory.GetFiles(publication.Folder.Path, "*", SearchOption.AllDirectories);
        CollectionAssert.AreEquivalent(files, after);
        Assert.AreEqual("", string.Join('\n', after.Where(file => File.GetLastWriteTimeUtc(file) != old)));
    }

    [TestMethod]
    public async Task Publishes_side_by_side_share_a_cache_and_spoil_nothing()
    {
        using var publication = Remembering();
        var plans = Enumerable.Range(0, 4).Select(i => publication.Plan("linux-x64", "scratch", "shared", $"own {i}")).ToList();
        var alone = new List<Digest>();
        foreach (var plan in plans)
        {
            alone.Add((await publication.PublishAsync(new RecordingStore(), [plan], Token)).Target.Digest);
        }

        Directory.Delete(publication.Folder["cache"], recursive: true);
        var work = 0;
        publication.Asking = request => Remember(publication, request) with { WorkFolder = publication.Folder[$"work {Interlocked.Increment(ref work)}"] };

        var together = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => publication.PublishAsync(new RecordingStore(), [plans[i % plans.Count]], Token), Token)));

        CollectionAssert.AreEqual(Enumerable.Range(0, 16).Select(i => alone[i % plans.Count]).ToList(), together.Select(report => report.Target.Digest).ToList());
        Assert.IsTrue(Directory.GetFiles(publication.Folder["cache"]).All(file => file.EndsWith(".json", StringComparison.Ordinal)), "Nothing half-written stays.");
        var recipe = await LayerRecipe.ReadAsync(plans[0].Layers[0], Token);
        Assert.AreEqual(together[0].Images[0].Layers[0].Descriptor, new KnownLayers(publication.Folder["cache"], LayerCompression.Default, destination: null).Find(recipe)!.Descriptor);
    }

    [TestMethod]
    public async Task A_cache_that_cannot_be_written_costs_nothing_but_time()
    {
        using var publication = new Publication();
        publication.Folder.Write("cache", "a file where the folder shall be");
        publication.Asking = request => Remember(publication, request);
        var destination = new RecordingStore();
        var plans = new[] { publication.Plan("linux-x64", "scratch", "x") };

        var first = await publication.PublishAsync(destination, plans, Token);
        var second = await publication.PublishAsync(destination, plans, Token);

        Assert.AreEqual(first.Target.Digest, second.Target.Digest);
        Assert.HasCount(1, publication.Events.OfType<PublishEvent.LayerPacked>());
        Assert.HasCount(1, publication.Events.OfType<PublishEvent.LayerHeld>(), "The second time the image itself says what the layer is.");
    }

    [TestMethod]
    public async Task Of_many_records_the_oldest_go()
    {
        using var publication = Remembering();
        for (var i = 0; i < 300; i++)
        {
            publication.Folder.Write($"cache/{i}.json", "");
            File.SetLastWriteTimeUtc(publication.Folder[$"cache/{i}.json"], new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(i));
        }

        await publication.PublishAsync(new RecordingStore(), [publication.Plan("linux-x64", "scratch", "x")], Token);

        var left = Directory.GetFiles(publication.Folder["cache"]).Select(Path.GetFileName).ToList();
        Assert.HasCount(256, left);
        Assert.DoesNotContain("44.json", left);
        Assert.Contains("45.json", left);
    }

    /// <summary>One that names nothing yet, so that no image can say what a record does not.</summary>
    private static string NewTag() => $"t{Guid.NewGuid():N}";

    private static Publication Remembering()
    {
        var publication = new Publication();
        publication.Asking = request => Remember(publication, request);
        return publication;
    }

    private static PublishRequest Remember(Publication publication, PublishRequest request) => request with { CacheFolder = publication.Folder["cache"] };
}

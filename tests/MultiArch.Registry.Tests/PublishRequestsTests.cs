using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;

namespace MultiArch.Registry.Tests;

/// <summary>What a publish asks of registries and sends to them, counted.</summary>
[TestClass]
public sealed class PublishRequestsTests(TestContext context)
{
    private const int Timeout = 120_000;

    private CancellationToken Token => context.CancellationToken;

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_publish_that_changes_nothing_asks_once_for_the_base_and_once_for_the_tag_and_writes_no_file()
    {
        using var run = await PublishRun.StartAsync(Token);
        var first = await run.PublishAsync(run.Plans("hello"), Token);
        var plans = run.Plans("hello");
        var before = Files(run);

        var second = await run.PublishAsync(plans, Token);

        Assert.AreEqual(first.Target.Digest, second.Target.Digest);
        CollectionAssert.AreEqual(new[] { "HEAD /v2/base/manifests/1" }, run.Elsewhere.Lines.ToArray());
        CollectionAssert.AreEqual(new[] { "HEAD /v2/app/manifests/1.0" }, run.Target.Lines.ToArray());
        Assert.AreEqual(before, Files(run));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_base_that_a_digest_names_is_not_asked_for()
    {
        using var run = await PublishRun.StartAsync(Token);
        var digest = (await run.WriteBaseAsync(run.Elsewhere.Address, Token)).Digest;
        var plans = run.Plans("hello", baseImage: $"{run.Elsewhere.Address}/base@{digest}");
        await run.PublishAsync(plans, Token);

        await run.PublishAsync(plans, Token);

        Assert.IsEmpty(run.Elsewhere.Lines);
        Assert.HasCount(1, run.Target.Lines);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_change_of_one_file_sends_its_layer_and_the_documents()
    {
        using var run = await PublishRun.StartAsync(Token);
        var first = await run.PublishAsync(run.Plans("hello", runtimeSize: 4_000_000), Token);
        var layers = first.Images.SelectMany(image => image.Layers).Where(layer => layer.Title is not null).DistinctBy(layer => layer.Descriptor.Digest).Sum(layer => layer.Descriptor.Size);

        var second = await run.PublishAsync(run.Plans("hello, world", runtimeSize: 4_000_000), Token);

        Assert.AreNotEqual(first.Target.Digest, second.Target.Digest);
        Assert.AreEqual("app", run.Events.OfType<PublishEvent.LayerPacked>().Single().Layer.Title);
        var sent = run.Target.Requests.Sum(request => request.Bytes);
        Assert.IsLessThanOrEqualTo(layers / 500, sent, $"{sent} of {layers} bytes.");
        Assert.IsFalse(run.Elsewhere.Lines.Any(line => line.Contains("/blobs/", StringComparison.Ordinal)), "The base stays where it is.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_machine_that_remembers_nothing_packs_and_sends_what_has_changed()
    {
        using var run = await PublishRun.StartAsync(Token);
        var first = await run.PublishAsync(run.Plans("hello"), Token);
        run.Forget();

        var second = await run.PublishAsync(run.Plans("hello, world"), Token);

        Assert.AreEqual("app", run.Events.OfType<PublishEvent.LayerPacked>().Single().Layer.Title);
        var app = second.Images[0].Layers[^1];
        var puts = run.Target.Requests.Where(request => request.Method == "PUT").ToList();
        var blobs = puts.Where(request => request.Target.Contains("/blobs/", StringComparison.Ordinal)).ToList();
        Assert.HasCount(3, blobs, "The app's layer, which both platforms share, and two configs.");
        Assert.AreEqual(app.Descriptor.Size + second.Images.Sum(image => (long)image.Config.Bytes.Length), blobs.Sum(request => request.Bytes));
        Assert.HasCount(4, puts.Except(blobs), "Two manifests, the index and the tag.");
        CollectionAssert.AreEqual(
            first.Images.Select(image => image.Layers[1].Descriptor).ToArray(),
            second.Images.Select(image => image.Layers[1].Descriptor).ToArray());

        // The image that the tag names: an index, two manifests, two configs; and as many of the new one, read back. Base layers, our layers and
        // configs are looked for, the tag is, and at the end all layers and the tag once more.
        var reads = run.Target.Lines.Where(line => line.StartsWith("GET ", StringComparison.Ordinal)).ToList();
        Assert.HasCount(5 + 5, reads, string.Join('\n', reads));
        Assert.HasCount(2 + 3 + 2 + 1 + 5 + 1, run.Target.Lines.Where(line => line.StartsWith("HEAD ", StringComparison.Ordinal)).ToList());
        Assert.HasCount(5, run.Elsewhere.Lines, "The base's index, two manifests, two configs; none of its layers.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "45")]
    public async Task The_layers_of_a_base_go_from_one_registry_to_the_other_without_a_file_and_once()
    {
        using var run = await PublishRun.StartAsync(Token);
        var madeFolder = false;
        run.OnEvent = _ => madeFolder |= Directory.Exists(run.Folder["work"]);
        var plans = run.Plans("hello").Select(plan => plan with { Layers = [] }).ToList();

        var report = await run.PublishAsync(plans, Token);

        Assert.IsFalse(madeFolder);
        foreach (var layer in report.Images.Select(image => image.Layers.Single()))
        {
            Assert.AreEqual(BlobWrite.Uploaded, layer.Write);
            Assert.HasCount(1, run.Elsewhere.Lines.Where(line => line == $"GET /v2/base/blobs/{layer.Descriptor.Digest}"));
        }
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task The_layers_of_a_base_in_the_same_registry_are_mounted_and_not_read()
    {
        using var run = await PublishRun.StartAsync(Token);
        await run.WriteBaseAsync(run.Target.Address, Token);

        var report = await run.PublishAsync(run.Plans("hello", baseImage: $"{run.Target.Address}/base:1"), Token);

        Assert.IsTrue(report.Images.All(image => image.Layers[0].Write is BlobWrite.Mounted));
        Assert.IsFalse(report.Images.Any(image => run.Target.Lines.Contains($"GET /v2/base/blobs/{image.Layers[0].Descriptor.Digest}")));
    }

    /// <summary>Path, size and time of every file below the run's folder.</summary>
    private static string Files(PublishRun run) => string.Join('\n', Directory.EnumerateFileSystemEntries(run.Folder.Path, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}"));
}

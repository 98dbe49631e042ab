using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>Layers out of images that were named as caches, in real registries.</summary>
[TestClass]
public sealed class CacheFromTests(TestContext context)
{
    private const int Timeout = 120_000;

    private CancellationToken Token => context.CancellationToken;

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(true)]
    [DataRow(false)]
    public async Task From_the_same_registry_layers_and_base_are_mounted(bool isPinned)
    {
        using var run = await PublishRun.StartAsync(Token);
        var cache = await run.PublishAsync(run.Plans("hello"), Token, repository: "cache");
        run.Forget();

        var report = await run.PublishAsync(run.Plans("hello, world"), Token, "app", Reference(run.Target, cache, isPinned));

        Assert.AreEqual("app", run.Events.OfType<PublishEvent.LayerPacked>().Single().Layer.Title);
        foreach (var (image, cached) in report.Images.Zip(cache.Images))
        {
            CollectionAssert.AreEqual(new[] { BlobWrite.Mounted, BlobWrite.Mounted, BlobWrite.Uploaded }, image.Layers.Select(layer => layer.Write).ToArray());
            var layer = cached.Layers[1].Descriptor;
            Assert.AreEqual(layer, image.Layers[1].Descriptor);
            Assert.HasCount(
                isPinned ? 0 : 1,
                run.Target.Lines.Where(line => line == $"GET /v2/cache/blobs/{layer.Digest}").ToList(),
                "What only a tag names is read and compared.");
        }

        Assert.IsFalse(run.Elsewhere.Lines.Any(line => report.Images.Any(image => line.EndsWith($"{image.Layers[0].Descriptor.Digest}", StringComparison.Ordinal))), "The base's layers are nearer.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task From_another_registry_layers_are_streamed()
    {
        using var run = await PublishRun.StartAsync(Token);
        var cache = await run.PublishAsync(run.Plans("hello"), Token, repository: "cache");
        var digest = await CopyAsync(run.Target, run.Elsewhere);
        Assert.AreEqual(cache.Target.Digest, digest);
        run.Forget();

        var report = await run.PublishAsync(run.Plans("hello"), Token, "app", new ImageReference(run.Elsewhere.Address, "cache", Digest: digest));

        Assert.AreEqual(cache.Target.Digest, report.Target.Digest);
        Assert.IsEmpty(run.Events.OfType<PublishEvent.LayerPacked>());
        Assert.HasCount(3, run.Events.OfType<PublishEvent.LayerTaken>());
        Assert.HasCount(3, report.Images
            .SelectMany(image => image.Layers.Skip(1))
            .DistinctBy(layer => layer.Descriptor.Digest)
            .Where(layer => run.Elsewhere.Lines.Count(line => line == $"GET /v2/cache/blobs/{layer.Descriptor.Digest}") == 1).ToList());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task An_image_that_lies_is_refused()
    {
        using var run = await PublishRun.StartAsync(Token);
        var honest = await run.PublishAsync(run.Plans("hello"), Token, repository: "cache");
        await SwapAsync(run.Target, honest);
        run.Forget();

        var report = await run.PublishAsync(run.Plans("hello"), Token, "app", new ImageReference(run.Target.Address, "cache", "1.0"));

        Assert.AreEqual(honest.Target.Digest, report.Target.Digest);
        Assert.HasCount(2, run.Events.OfType<PublishEvent.CacheLies>().ToList());
        Assert.HasCount(2, run.Events.OfType<PublishEvent.LayerPacked>().ToList(), "The runtimes; of the app it told the truth.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task An_image_that_is_not_there_or_cannot_be_asked_for_fails_nothing()
    {
        using var run = await PublishRun.StartAsync(Token);
        using var failing = new ScriptedRegistry { Otherwise = new Reply(500) };
        using var gone = new ScriptedRegistry();
        var closed = gone.Address;
        gone.Dispose();

        var report = await run.PublishAsync(
            run.Plans("hello"),
            Token,
            "app",
            new ImageReference(run.Target.Address, "cache", "main"),
            new ImageReference(closed, "cache", "main"),
            new ImageReference(failing.Address, "cache", "main"));

        Assert.HasCount(2, report.Images);
        Assert.HasCount(3, run.Events.OfType<PublishEvent.LayerPacked>());
        Assert.HasCount(1, run.Events.OfType<PublishEvent.CacheMissing>());
        var told = run.Events.OfType<PublishEvent.CacheUnreadable>().ToDictionary(told => told.Reference, told => told.Reason);
        Assert.Contains("refused the connection", told[$"{closed}/cache:main"]);
        Assert.Contains("500", told[$"{failing.Address}/cache:main"]);
    }

    private static ImageReference Reference(RecordingProxy registry, PublishReport cache, bool isPinned) =>
        isPinned ? new ImageReference(registry.Address, "cache", Digest: cache.Target.Digest) : new ImageReference(registry.Address, "cache", "1.0");

    /// <summary>Copies <c>cache:1.0</c> of one registry to the other.</summary>
    private async Task<Digest> CopyAsync(RecordingProxy from, RecordingProxy to)
    {
        using var transport = new RegistryTransport();
        var source = new RegistryClient(new ImageReference(from.Address, "cache"), transport);
        var destination = new RegistryClient(new ImageReference(to.Address, "cache"), transport);
        var index = (await source.FindManifestAsync("1.0", Token))!;
        foreach (var entry in ImageIndex.Parse(index.Bytes.Span).Manifests)
        {
            var manifest = (await source.FindManifestAsync(entry.Digest.ToString(), Token))!;
            var content = ImageManifest.Parse(manifest.Bytes.Span);
            foreach (var blob in content.Layers.Append(content.Config))
            {
                await destination.WriteBlobAsync(blob, new BlobSource(token => source.OpenBlobAsync(blob, token)), Token);
            }

            await destination.WriteManifestAsync(manifest, Token);
        }

        await destination.WriteManifestAsync(index, Token);
        await destination.TagAsync(index, ["1.0"], Token);
        return index.Digest;
    }

    /// <summary>Lets each platform's runtime be the other platform's, by the configs' word.</summary>
    private async Task SwapAsync(RecordingProxy registry, PublishReport honest)
    {
        using var transport = new RegistryTransport();
        var store = new RegistryClient(new ImageReference(registry.Address, "cache"), transport);
        var entries = new List<Descriptor>();
        foreach (var (image, other) in honest.Images.Zip(honest.Images.Reverse()))
        {
            var manifest = ImageManifest.Parse(image.Manifest.Bytes.Span);
            var swapped = (manifest with { Layers = [manifest.Layers[0], other.Layers[1].Descriptor, manifest.Layers[2]] }).ToDocument();
            await store.WriteManifestAsync(swapped, Token);
            entries.Add(swapped.Describe() with { Platform = image.Platform });
        }

        var index = new ImageIndex(MediaTypes.OciIndex, entries).ToDocument();
        await store.WriteManifestAsync(index, Token);
        await store.TagAsync(index, ["1.0"], Token);
    }
}

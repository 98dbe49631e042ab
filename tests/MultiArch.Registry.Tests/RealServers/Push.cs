using System.Collections.Concurrent;
using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Registry.Tests.Model;

namespace MultiArch.Registry.Tests.RealServers;

/// <summary>Publishes an image as one process does it, and reads it back as another one would.</summary>
internal sealed class Push(string address, RegistryOptions? options = null) : IProgress<PublishEvent>, IProgress<RegistryEvent>
{
    private readonly RegistryOptions _options = options ?? new RegistryOptions();

    public ConcurrentQueue<RegistryEvent> RegistryEvents { get; } = [];

    /// <summary>Called for everything that the publish tells.</summary>
    public Action<PublishEvent> OnEvent { get; init; } = _ => { };

    public async Task<PublishReport> RunAsync(ModelImage image, CancellationToken cancellationToken, params IReadOnlyList<string> tags)
    {
        using var transport = new RegistryTransport(_options with { Progress = this });
        using var sources = new ImageSources(transport);
        var store = new RegistryClient(new ImageReference(address, ModelImage.Repository), transport);
        var request = new PublishRequest(image.Plans("scratch"), image.Folder, tags.Count > 0 ? tags : ["1.0"], ImageFormat.Oci, image.CreateWorkFolder());
        return await new ImagePublisher(store, sources, this, TimeProvider.System).PublishAsync(request, cancellationToken);
    }

    /// <summary>Fails unless a tag names an image and every byte of it comes back.</summary>
    public async Task AssertWholeAsync(string tag, Digest digest, CancellationToken cancellationToken)
    {
        using var transport = new RegistryTransport(_options);
        var store = new RegistryClient(new ImageReference(address, ModelImage.Repository), transport);
        var index = await store.FindManifestAsync(tag, cancellationToken);
        Assert.AreEqual(digest, index?.Digest);
        foreach (var entry in ImageIndex.Parse(index!.Bytes.Span).Manifests)
        {
            var manifest = ImageManifest.Parse((await store.FindManifestAsync(entry.Digest.ToString(), cancellationToken))!.Bytes.Span);
            foreach (var blob in manifest.Layers.Append(manifest.Config))
            {
                await using var stream = await store.OpenBlobAsync(blob, cancellationToken);
                await stream.CopyToAsync(Stream.Null, cancellationToken);
            }
        }
    }

    public void Report(PublishEvent value) => OnEvent(value);

    public void Report(RegistryEvent value) => RegistryEvents.Enqueue(value);
}

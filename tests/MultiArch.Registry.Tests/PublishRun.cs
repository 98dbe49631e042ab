using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>Publishes into a real registry through a proxy that counts, with a base in another one.</summary>
internal sealed class PublishRun : IProgress<PublishEvent>, IDisposable
{
    private readonly RegistryProcess _target;
    private readonly RegistryProcess _elsewhere;
    private readonly Lock _lock = new();

    private PublishRun(RegistryProcess target, RegistryProcess elsewhere)
    {
        _target = target;
        _elsewhere = elsewhere;
        Target = new RecordingProxy(target.Address);
        Elsewhere = new RecordingProxy(elsewhere.Address);
    }

    public TempDirectory Folder { get; } = new();

    /// <summary>Where images go, to the repository <c>app</c>.</summary>
    public RecordingProxy Target { get; }

    /// <summary>The other registry, where the base lies as <c>base:1</c>.</summary>
    public RecordingProxy Elsewhere { get; }

    public List<PublishEvent> Events { get; } = [];

    public Action<PublishEvent> OnEvent { get; set; } = _ => { };

    public string BaseName => $"{Elsewhere.Address}/base:1";

    /// <summary>Starts both registries and writes a base for amd64 and arm64.</summary>
    public static async Task<PublishRun> StartAsync(CancellationToken cancellationToken)
    {
        var target = await RegistryProcess.StartAsync(cancellationToken);
        var run = new PublishRun(target, await RegistryProcess.StartAsync(cancellationToken));
        await run.WriteBaseAsync(run.Elsewhere.Address, cancellationToken);
        return run;
    }

    /// <summary>Writes the base into the repository <c>base</c> of a registry.</summary>
    public async Task<Document> WriteBaseAsync(string registry, CancellationToken cancellationToken)
    {
        using var transport = new RegistryTransport();
        var store = new RegistryClient(new ImageReference(registry, "base"), transport);
        var entries = new List<Descriptor>();
        foreach (var platform in new[] { Platform.LinuxAmd64, Platform.LinuxArm64 })
        {
            var layer = TestBlob.OfSize(platform == Platform.LinuxAmd64 ? 3_000_000 : 2_900_000);
            await store.WriteBlobAsync(layer.Descriptor, layer.Source(), cancellationToken);
            var config = (ImageConfig.Empty(platform) with { RootFS = new RootFileSystem([layer.Descriptor.Digest]) }).ToDocument(ImageFormat.Oci);
            await store.WriteBlobAsync(config.Describe(), BlobSource.FromBytes(config.Bytes), cancellationToken);
            var manifest = new ImageManifest(MediaTypes.OciManifest, config.Describe(), [layer.Descriptor]).ToDocument();
            await store.WriteManifestAsync(manifest, cancellationToken);
            entries.Add(manifest.Describe() with { Platform = platform });
        }

        var index = new ImageIndex(MediaTypes.OciIndex, entries).ToDocument();
        await store.WriteManifestAsync(index, cancellationToken);
        await store.TagAsync(index, ["1"], cancellationToken);
        return index;
    }

    /// <summary>Two platforms: a runtime of <paramref name="runtimeSize"/> bytes of its own, and an app of one file that both have.</summary>
    public IReadOnlyList<ImagePlan> Plans(string app, int runtimeSize = 200_000, string? baseImage = null) =>
        [.. new[] { "linux-x64", "linux-arm64" }.Select(rid => new ImagePlan(
            rid,
            baseImage ?? BaseName,
            [new("runtime", [new("app/runtime", WriteRuntime(rid, runtimeSize))]), new("app", [new("app/app", Folder.Write("app", app))])],
            new ImageSettings(
                "2020-01-02T03:04:05Z", "/app", User: null, new StartCommand(["/app/app"], [], [], [], []), [], new Dictionary<string, string>(), [], ImageAnnotations.None, GeneratedLabels.None)))];

    /// <summary>As one process of one machine does it, and forgets the events and requests before.</summary>
    public async Task<PublishReport> PublishAsync(
        IReadOnlyList<ImagePlan> plans, CancellationToken cancellationToken, string repository = "app", params ImageReference[] cacheFrom)
    {
        Events.Clear();
        Target.Clear();
        Elsewhere.Clear();
        using var transport = new RegistryTransport();
        using var sources = new ImageSources(transport);
        var destination = new RegistryClient(new ImageReference(Target.Address, repository), transport);
        var request = new PublishRequest(plans, Folder.Path, ["1.0"], ImageFormat.Oci, Folder["work"])
        {
            CacheFrom = cacheFrom,
            CacheFolder = Folder["layers"],
            DocumentFolder = Folder["bases"],
        };
        return await new ImagePublisher(destination, sources, this, TimeProvider.System).PublishAsync(request, cancellationToken);
    }

    /// <summary>What a machine that never published has.</summary>
    public void Forget()
    {
        foreach (var folder in new[] { "layers", "bases" })
        {
            Directory.Delete(Folder[folder], recursive: true);
        }
    }

    public void Report(PublishEvent value)
    {
        lock (_lock)
        {
            Events.Add(value);
        }

        OnEvent(value);
    }

    public void Dispose()
    {
        Target.Dispose();
        Elsewhere.Dispose();
        _target.Dispose();
        _elsewhere.Dispose();
        Folder.Dispose();
    }

    /// <summary>Bytes that do not compress, the same at each call.</summary>
    private string WriteRuntime(string runtimeIdentifier, int size)
    {
        var path = Folder.Write($"{runtimeIdentifier}/runtime", "");
        var content = new byte[size];
        new Random(runtimeIdentifier.Length).NextBytes(content);
        File.WriteAllBytes(path, content);
        return path;
    }
}

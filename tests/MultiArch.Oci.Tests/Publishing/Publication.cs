using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Images;
using MultiArch.Oci.Tests.Storage;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>One publish: a base for amd64 and arm64 at <c>r.io/base:1</c>, sources in a folder, and what happened.</summary>
internal sealed class Publication : IImageSources, IProgress<PublishEvent>, IDisposable
{
    public const string BaseName = "r.io/base:1";

    private readonly Lock _lock = new();

    public TempDirectory Folder { get; } = new();

    public RecordingStore Base { get; init; } = new();

    /// <summary>What <see cref="OpenCache"/> gives, by the reference's repository; what is not there cannot be reached.</summary>
    public Dictionary<string, IImageStore> Caches { get; } = [];

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public List<string> Opened { get; } = [];

    public List<PublishEvent> Events { get; } = [];

    /// <summary>What the request says beside plans and tags.</summary>
    public Func<PublishRequest, PublishRequest> Asking { get; set; } = request => request;

    public Action<PublishEvent> OnEvent { get; set; } = _ => { };

    public string WorkFolder => Folder["work/layers"];

    /// <summary>Writes the base; its layers are <c>base amd64</c> and so on, with <c>base shared</c> below.</summary>
    public static async Task WriteBaseAsync(IImageStore store, params IEnumerable<Platform> platforms)
    {
        var entries = new List<Descriptor>();
        foreach (var platform in platforms)
        {
            entries.Add((await StoredImage.WriteAsync(store, platform, "base shared", $"base {platform.Architecture}")).Describe() with { Platform = platform });
        }

        await store.TagAsync(await StoredImage.WriteIndexAsync(store, entries), ["1", "latest"], CancellationToken.None);
    }

    /// <param name="layers">The text of each layer's only file.</param>
    public ImagePlan Plan(string runtimeIdentifier, string baseImage = BaseName, params IEnumerable<string> layers) => new(
        runtimeIdentifier,
        baseImage,
        [.. layers.Select((text, i) => new LayerPlan($"layer {i}", [new("app/web", Folder.Write($"{runtimeIdentifier}/{i}", text))]))],
        Sample.Settings);

    public async Task<PublishReport> PublishAsync(IImageStore destination, IReadOnlyList<ImagePlan> plans, CancellationToken cancellationToken)
    {
        if (Base.Writes.Count == 0)
        {
            await WriteBaseAsync(Base, Platform.LinuxAmd64, Platform.LinuxArm64);
        }

        var request = new PublishRequest(plans, Folder.Path, ["2.0", "latest"], ImageFormat.Oci, WorkFolder);
        return await new ImagePublisher(destination, this, this, Time).PublishAsync(Asking(request), cancellationToken);
    }

    public IImageStore Open(BaseReference reference)
    {
        lock (_lock)
        {
            Opened.Add(reference.ToString()!);
        }

        return reference switch
        {
            BaseReference.Image { Location: ImageLocation.Layout { Folder: var folder } } => ImageLayout.Open(folder),
            BaseReference.Image { Location: ImageLocation.Archive { File: var file } } => ReadOnlyArchive.Open(file),
            _ => Base,
        };
    }

    public IImageStore OpenCache(ImageReference reference) => Caches.GetValueOrDefault(reference.Name)
        ?? throw new MultiArchException(DiagnosticCodes.RegistryUnreachable, $"{reference.Registry} refused the connection. Start the registry.");

    public void Report(PublishEvent value)
    {
        lock (_lock)
        {
            Events.Add(value);
        }

        OnEvent(value);
    }

    public void Dispose() => Folder.Dispose();
}

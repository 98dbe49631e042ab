using System.Text.Json;
using MultiArch.Benchmarks.Measuring;
using MultiArch.Oci;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Benchmarks.Cases;

/// <summary>Runs <see cref="ImagePublisher"/> on folders in a process of its own, without MSBuild: packing, sending and memory by themselves.</summary>
internal static class PublisherRunner
{
    public const string Verb = "run-publisher";

    public static MeasuredCommand Command(PublisherJob job, string folder)
    {
        var request = Path.Combine(folder, "publish.json");
        File.WriteAllText(request, JsonSerializer.Serialize(job));
        return new MeasuredCommand(Self.Command(Verb, request), folder, new Dictionary<string, string?>());
    }

    /// <summary>The other side of <see cref="Command"/>.</summary>
    public static async Task<int> RunAsync(string request)
    {
        var job = JsonSerializer.Deserialize<PublisherJob>(await File.ReadAllBytesAsync(request))!;
        using var transport = new RegistryTransport();
        using var sources = new ImageSources(transport);
        var destination = new RegistryClient(ImageReference.Parse(job.Target), transport);
        var plans = job.Images.Select(image => new ImagePlan(
            image.RuntimeIdentifier,
            image.BaseImage,
            image.Folder is null ? [] : [new LayerPlan("app", FileTree.Read(image.Folder, "app"))],
            Settings)).ToList();
        await new ImagePublisher(destination, sources, new Silent(), TimeProvider.System).PublishAsync(
            new PublishRequest(plans, Path.GetDirectoryName(request)!, ["latest"], ImageFormat.Oci, job.WorkFolder)
            {
                Compression = job.Zstd ? LayerCompression.Zstd() : LayerCompression.Default,
            },
            CancellationToken.None);
        return 0;
    }

    private static ImageSettings Settings { get; } = new(
        "1980-01-01T00:00:01Z",
        "/app",
        User: null,
        new StartCommand(["/app/app"], [], [], [], []),
        Environment: [],
        Labels: new Dictionary<string, string>(),
        Ports: [],
        ImageAnnotations.None,
        GeneratedLabels.None);

    private sealed class Silent : IProgress<PublishEvent>
    {
        public void Report(PublishEvent value)
        {
        }
    }
}

/// <param name="Target">Registry, repository and tag.</param>
/// <param name="WorkFolder">Absolute.</param>
internal sealed record PublisherJob(string Target, bool Zstd, string WorkFolder, IReadOnlyList<PublisherImage> Images);

/// <param name="Folder">Absolute; becomes one layer below <c>/app</c>. Null for the base alone.</param>
internal sealed record PublisherImage(string RuntimeIdentifier, string BaseImage, string? Folder);

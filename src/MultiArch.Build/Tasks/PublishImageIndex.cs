using Microsoft.Build.Framework;
using MultiArch.Oci.Images;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Registry.Transport;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace MultiArch.Build.Tasks;

/// <summary>Makes the images of all platforms and the index that joins them, at one <see cref="Destination"/>.</summary>
[MSBuildMultiThreadableTask]
public sealed class PublishImageIndex : AsyncTask
{
    /// <summary>Identity: the path of an <see cref="ImagePlan"/>.</summary>
    [Required]
    public ITaskItem[] Plans { get; set; } = [];

    /// <summary>Absolute; what a relative base folder is relative to.</summary>
    [Required]
    public string ProjectDirectory { get; set; } = "";

    /// <inheritdoc cref="DestinationSettings"/>
    public string Registry { get; set; } = "";

    /// <inheritdoc cref="DestinationSettings"/>
    public string Repository { get; set; } = "";

    /// <inheritdoc cref="DestinationSettings"/>
    public string ArchivePath { get; set; } = "";

    /// <inheritdoc cref="DestinationSettings"/>
    public string LocalRegistry { get; set; } = "";

    [Required]
    public string[] Tags { get; set; } = [];

    public string ImageFormat { get; set; } = "";

    /// <summary>Absolute.</summary>
    [Required]
    public string LayoutFolder { get; set; } = "";

    /// <summary>Absolute; for packed layers, in a folder for each publish that is gone afterwards.</summary>
    [Required]
    public string WorkFolder { get; set; } = "";

    /// <summary>One item for each platform. Identity: <c>name@digest</c>. Metadata: <c>RuntimeIdentifier</c>, <c>Platform</c>, <c>Digest</c>, <c>MediaType</c>, <c>BaseDigest</c>.</summary>
    [Output]
    public ITaskItem[] Images { get; set; } = [];

    /// <summary>Identity: <c>name@digest</c>. Metadata: <c>Digest</c>, <c>MediaType</c>, <c>Tags</c> (separated by <c>;</c>), <c>NextStep</c>.</summary>
    [Output]
    public ITaskItem? Index { get; set; }

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var plans = new List<ImagePlan>();
        foreach (var plan in Plans)
        {
            plans.Add(ImagePlan.Parse(await File.ReadAllBytesAsync(plan.ItemSpec, cancellationToken)));
        }

        using var transport = new RegistryTransport();
        using var sources = new ImageSources(transport);
        var request = new PublishRequest(plans, ProjectDirectory, Tags, ImageFormats.Parse(ImageFormat), Path.Combine(WorkFolder, Path.GetRandomFileName()));
        var settings = new DestinationSettings(Registry, Repository, ArchivePath, LocalRegistry, LayoutFolder, WorkFolder);
        using var destination = await Destination.OpenAsync(settings, transport, cancellationToken);
        var report = await new ImagePublisher(destination.Store, sources, new EventLog(Log, BuildEngine)).PublishAsync(request, cancellationToken);

        Images = [.. report.Images.Select(image => ToItem(destination.Name, image))];
        Index = ToItem(destination, report);
    }

    private static TaskItem ToItem(string name, PublishedImage image) => new($"{name}@{image.Manifest.Digest}", new Dictionary<string, string>
    {
        ["RuntimeIdentifier"] = image.RuntimeIdentifier,
        ["Platform"] = image.Platform.ToString(),
        ["Digest"] = image.Manifest.Digest.ToString(),
        ["MediaType"] = image.Manifest.MediaType,
        ["BaseDigest"] = image.BaseDigest?.ToString() ?? "",
    });

    private static TaskItem ToItem(Destination destination, PublishReport report) => new($"{destination.Name}@{report.Index.Digest}", new Dictionary<string, string>
    {
        ["Digest"] = report.Index.Digest.ToString(),
        ["MediaType"] = report.Index.MediaType,
        ["Tags"] = string.Join(';', report.Tags),
        ["NextStep"] = NextStep(destination, report),
    });

    private static string NextStep(Destination destination, PublishReport report) => report.Starts
        ? destination.NextStep(string.Join(" or ", report.Images.Select(image => image.Platform)), $"{Ports(report)}{destination.Name}:{report.Tags[0]}")
        : "Give it a base on which it starts: add -p:ContainerBaseImage=<image>.";

    private static string Ports(PublishReport report) => string.Concat(report.Images[0].ExposedPorts
        .Where(port => port.EndsWith("/tcp", StringComparison.Ordinal))
        .Select(port => port[..port.IndexOf('/')])
        .Select(port => $"-p {port}:{port} "));
}

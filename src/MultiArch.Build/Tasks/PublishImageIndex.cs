using Microsoft.Build.Framework;
using MultiArch.Oci;
using MultiArch.Oci.Images;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace MultiArch.Build.Tasks;

/// <summary>Makes the images of all platforms and the index that joins them, in a registry or in an OCI layout.</summary>
public sealed class PublishImageIndex : AsyncTask
{
    /// <summary>Identity: the path of an <see cref="ImagePlan"/>.</summary>
    [Required]
    public ITaskItem[] Plans { get; set; } = [];

    /// <summary>Absolute; what a relative base folder is relative to.</summary>
    [Required]
    public string ProjectDirectory { get; set; } = "";

    /// <summary>Empty for an OCI layout in <see cref="LayoutFolder"/>.</summary>
    public string Registry { get; set; } = "";

    /// <summary>Needed with <see cref="Registry"/>.</summary>
    public string Repository { get; set; } = "";

    [Required]
    public string[] Tags { get; set; } = [];

    public string ImageFormat { get; set; } = "";

    /// <summary>Absolute.</summary>
    [Required]
    public string LayoutFolder { get; set; } = "";

    /// <summary>Absolute; for packed layers, in a folder for each publish that is gone afterwards.</summary>
    [Required]
    public string WorkFolder { get; set; } = "";

    public string ArchivePath { get; set; } = "";

    public string LocalRegistry { get; set; } = "";

    public bool SingleManifest { get; set; }

    public ITaskItem[] Annotations { get; set; } = [];

    public string ReportFile { get; set; } = "";

    [Output]
    public ITaskItem[] Containers { get; set; } = [];

    [Output]
    public string[] Names { get; set; } = [];

    [Output]
    public string IndexDocument { get; set; } = "";

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
        PublishReport report;
        string name;
        if (Registry.Length > 0)
        {
            var repository = new ImageReference(Registry, Repository);
            name = repository.Name;
            report = await new ImagePublisher(new RegistryClient(repository, transport), sources, new EventLog(Log, BuildEngine)).PublishAsync(request, cancellationToken);
        }
        else
        {
            using var layout = ImageLayout.Create(LayoutFolder);
            name = Path.TrimEndingDirectorySeparator(LayoutFolder);
            report = await new ImagePublisher(layout, sources, new EventLog(Log, BuildEngine)).PublishAsync(request, cancellationToken);
        }

        Images = [.. report.Images.Select(image => ToItem(name, image))];
        Index = ToItem(name, report);
        Names = [.. report.Tags.Select(tag => $"{name}:{tag}")];
        Containers = [.. report.Images.Select(image => new TaskItem("GeneratedContainer", new Dictionary<string, string>
        {
            ["ManifestDigest"] = image.Manifest.Digest.ToString(),
            ["ManifestMediaType"] = image.Manifest.MediaType,
        }))];
    }

    private static TaskItem ToItem(string name, PublishedImage image) => new($"{name}@{image.Manifest.Digest}", new Dictionary<string, string>
    {
        ["RuntimeIdentifier"] = image.RuntimeIdentifier,
        ["Platform"] = image.Platform.ToString(),
        ["Digest"] = image.Manifest.Digest.ToString(),
        ["MediaType"] = image.Manifest.MediaType,
        ["BaseDigest"] = image.BaseDigest?.ToString() ?? "",
    });

    private TaskItem ToItem(string name, PublishReport report) => new($"{name}@{report.Index.Digest}", new Dictionary<string, string>
    {
        ["Digest"] = report.Index.Digest.ToString(),
        ["MediaType"] = report.Index.MediaType,
        ["Tags"] = string.Join(';', report.Tags),
        ["NextStep"] = NextStep(name, report),
    });

    private string NextStep(string name, PublishReport report) => (report.Starts, Registry) switch
    {
        (false, _) => "Give it a base on which it starts: add -p:ContainerBaseImage=<image>.",
        (true, "") => "Push it: add -p:ContainerRegistry=<registry>.",
        _ => $"Run it on {string.Join(" or ", report.Images.Select(image => image.Platform))}: docker run --rm {Ports(report)}{name}:{report.Tags[0]}",
    };

    private static string Ports(PublishReport report) => string.Concat(report.Images[0].ExposedPorts
        .Where(port => port.EndsWith("/tcp", StringComparison.Ordinal))
        .Select(port => port[..port.IndexOf('/')])
        .Select(port => $"-p {port}:{port} "));
}

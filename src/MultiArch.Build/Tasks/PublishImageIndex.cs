using Microsoft.Build.Framework;
using MultiArch.Oci;
using MultiArch.Oci.Images;
using MultiArch.Oci.Publishing;

namespace MultiArch.Build.Tasks;

/// <summary>Makes the images of all platforms and the index that joins them, at one <see cref="Destination"/>.</summary>
[MSBuildMultiThreadableTask]
public sealed class PublishImageIndex : PublishTask
{
    /// <summary>Identity: the path of an <see cref="ImagePlan"/>.</summary>
    [Required]
    public ITaskItem[] Plans { get; set; } = [];

    /// <summary>Without its extension.</summary>
    public string ProjectName { get; set; } = "";

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

    /// <inheritdoc cref="CompressionSettings"/>
    public string Compression { get; set; } = "";

    /// <inheritdoc cref="CompressionSettings"/>
    public string GzipLevel { get; set; } = "";

    /// <inheritdoc cref="CompressionSettings"/>
    public string ZstdLevel { get; set; } = "";

    /// <inheritdoc cref="VerifySettings"/>
    public string Verify { get; set; } = "";

    /// <summary>Whether what files need of their base is looked for in it.</summary>
    public bool VerifyBase { get; set; } = true;

    /// <summary>Makes the manifest of the only plan, and no index.</summary>
    public bool SingleManifest { get; set; }

    /// <summary>Absolute.</summary>
    [Required]
    public string LayoutFolder { get; set; } = "";

    /// <summary>Absolute; for packed layers, in a folder for each publish that is gone afterwards.</summary>
    [Required]
    public string WorkFolder { get; set; } = "";

    /// <summary>Absolute; remembers what layers became. Empty remembers nothing.</summary>
    public string CacheFolder { get; set; } = "";

    /// <summary>Absolute; keeps what registries said of base images, and what these hold. Empty keeps nothing.</summary>
    public string DocumentFolder { get; set; } = "";

    /// <summary>References of images from which layers may be taken.</summary>
    public string[] CacheFrom { get; set; } = [];

    /// <summary>One item for each platform, as the SDK's <c>GeneratedContainer</c>. Metadata: <c>Manifest</c>, <c>Configuration</c>, <c>ManifestDigest</c>, <c>ManifestMediaType</c>.</summary>
    [Output]
    public ITaskItem[] Containers { get; set; } = [];

    /// <summary>JSON; empty for a single manifest.</summary>
    [Output]
    public string IndexDocument { get; set; } = "";

    /// <summary>Names with tags, as clients write them; none for a layout, in which an image has no repository.</summary>
    [Output]
    public string[] Names { get; set; } = [];

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var options = Registries.ToOptions();
        var results = ReadOutputs();
        var request = await ReadRequestAsync(cancellationToken);
        var bases = request.Plans.Select(plan => BaseReference.Parse(plan.BaseImage, ProjectDirectory)).OfType<BaseReference.Image>().Select(image => image.Location);
        using var registries = Connect(options, PushTarget(), bases);
        using var sources = new ImageSources(registries.Transport);
        var settings = new DestinationSettings(Registry, Repository, ArchivePath, LocalRegistry, LayoutFolder, WorkFolder);
        using var destination = await Destination.OpenAsync(settings, registries.Transport, cancellationToken);
        results.Check(destination.Name);
        var publisher = new ImagePublisher(destination.Store, sources, new EventLog(Log, BuildEngine), TimeProvider.System);
        var report = await publisher.PublishAsync(request, cancellationToken);

        var items = new PublishedItems(report, destination.Name);
        Containers = items.Containers;
        IndexDocument = items.IndexDocument;
        Names = ReadNames();
        await TellAsync(report, Naming(destination), NextStep(destination, report), results);
    }

    private async Task<PublishRequest> ReadRequestAsync(CancellationToken cancellationToken)
    {
        var plans = new List<ImagePlan>();
        foreach (var plan in Plans)
        {
            plans.Add(ImagePlan.Parse(await File.ReadAllBytesAsync(plan.ItemSpec, cancellationToken)));
        }

        var format = ImageFormats.Parse(ImageFormat);
        return new PublishRequest(plans, ProjectDirectory, Tags, format, Path.Combine(WorkFolder, Path.GetRandomFileName()))
        {
            SingleManifest = SingleManifest || (PushByDigest && plans.Count == 1),
            PushByDigest = PushByDigest,
            Compression = CompressionSettings.Parse(Compression, GzipLevel, ZstdLevel, format),
            Verify = VerifySettings.Parse(Verify),
            VerifyBase = VerifyBase,
            IndexAnnotations = AnnotationItems.Read(Annotations, AnnotationScope.Index, format),
            CacheFrom = CacheReferences.Parse(CacheFrom),
            CacheFolder = CacheFolder.Length > 0 ? CacheFolder : null,
            DocumentFolder = DocumentFolder.Length > 0 ? DocumentFolder : null,
        };
    }

    private ImageReference? PushTarget() => ArchivePath.Length == 0 && Registry.Length > 0 ? new ImageReference(Registry, Repository) : null;

    private ImageReport.Naming Naming(Destination destination) => new(
        ProjectName.Length > 0 ? ProjectName : null,
        destination.Name,
        destination.Store.Repository?.Registry,
        destination.Store.Repository?.Repository ?? (Repository.Length > 0 ? Repository : null),
        Names);

    private string[] ReadNames()
    {
        var isLayout = ArchivePath.Length == 0 && Registry.Length == 0 && LocalRegistry.Length == 0;
        var name = Registry.Length > 0 ? new ImageReference(Registry, Repository).Name : Repository;
        return isLayout || PushByDigest ? [] : [.. Tags.Select(tag => $"{name}:{tag}")];
    }

    private static string NextStep(Destination destination, PublishReport report) => report.Tags.Count == 0
        ? "No tag has moved. Combine it with the other platforms: dotnet msbuild -t:CombineMultiArchImage -p:MultiArchCombineFrom=<every image.json>"
        : report.Starts
        ? destination.NextStep(string.Join(" or ", report.Images.Select(image => image.Platform)), RunArguments.Of(report, destination.Name))
        : "Give it a base on which it starts: add -p:ContainerBaseImage=<image>.";
}

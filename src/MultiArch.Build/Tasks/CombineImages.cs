using Microsoft.Build.Framework;
using MultiArch.Build.Combining;
using MultiArch.Oci;
using MultiArch.Oci.Images;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Publishing.Combining;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Build.Tasks;

/// <summary>Makes of images that are in registries one index, and moves the tags last.</summary>
[MSBuildMultiThreadableTask]
public sealed class CombineImages : ResultsTask
{
    /// <summary>Paths of files <c>image.json</c>, and references of images.</summary>
    public string[] From { get; set; } = [];

    /// <inheritdoc cref="CombineSettings"/>
    public string Registry { get; set; } = "";

    /// <inheritdoc cref="CombineSettings"/>
    public string Repository { get; set; } = "";

    /// <inheritdoc cref="CombineSettings"/>
    public string Tag { get; set; } = "";

    /// <inheritdoc cref="CombineSettings"/>
    public string Tags { get; set; } = "";

    /// <inheritdoc cref="CombineSettings"/>
    public string[] RequiredPlatforms { get; set; } = [];

    /// <summary>Keeps the platforms that a tag has already and that are not among the parts.</summary>
    public bool Append { get; set; }

    /// <summary>Leaves the tags where they are.</summary>
    public bool PushByDigest { get; set; }

    /// <summary>Identity: the key. Metadata: <c>Value</c>, <c>Scope</c>. Those of the index alone are read.</summary>
    public ITaskItem[] Annotations { get; set; } = [];

    /// <inheritdoc cref="RegistrySettings"/>
    public string CertificateAuthority { get; set; } = "";

    /// <inheritdoc cref="RegistrySettings"/>
    public string[] RegistryMirrors { get; set; } = [];

    /// <inheritdoc cref="RegistrySettings"/>
    public string UploadChunkSize { get; set; } = "";

    /// <inheritdoc cref="PublishImageIndex.Images"/>
    [Output]
    public ITaskItem[] Images { get; set; } = [];

    /// <inheritdoc cref="PublishImageIndex.Index"/>
    [Output]
    public ITaskItem? Index { get; set; }

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var options = new RegistrySettings(ProjectDirectory, CertificateAuthority, RegistryMirrors, UploadChunkSize, Environment.GetEnvironmentVariable).ToOptions();
        var results = ReadOutputs();
        var settings = new CombineSettings(Registry, Repository, Tag, Tags, Append, PushByDigest);
        var required = Build.RequiredPlatforms.Parse(RequiredPlatforms);
        var sources = await CombineSources.ReadAsync(From, ProjectDirectory, cancellationToken);
        var names = settings.ReadNames(sources, AnnotationItems.Read(Annotations, AnnotationScope.Index, ImageFormat.Oci));
        results.Check(names.Repository.Name);

        var registryLog = new RegistryEventLog(Log, BuildEngine);
        using var credentials = RegistryCredentials.OfThisMachine(names.Repository, sources.Select(source => new BaseReference.Registry(source.Image)), registryLog);
        using var transport = new RegistryTransport(options with { Credentials = credentials, Progress = registryLog });
        using var stores = new ImageSources(transport);
        var combiner = new ImageCombiner(new RegistryClient(names.Repository, transport), stores.OpenChild, new EventLog(Log, BuildEngine), TimeProvider.System);
        var request = new CombineRequest(sources, names.Tags)
        {
            RequiredPlatforms = required,
            IndexAnnotations = names.IndexAnnotations,
            Append = Append,
            PushByDigest = PushByDigest,
        };
        await TellAsync(await combiner.CombineAsync(request, cancellationToken), names, results);
    }

    private async Task TellAsync(PublishReport report, CombineNames names, Results.ResultOutputs results)
    {
        var name = names.Repository.Name;
        var items = new PublishedItems(report, name);
        Images = items.Images;
        Index = items.Target(NextStep(report, name));
        var naming = new ImageReport.Naming(names.Project, name, names.Repository.Registry, names.Repository.Repository, [.. report.Tags.Select(tag => $"{name}:{tag}")]);
        // The tags have moved: what was published is told even if the build is cancelled now.
        await WriteAsync(results, ImageReport.Create(report, naming));
        foreach (var line in PublishSummary.Lines(report, isRegistry: true))
        {
            Log.LogMessage(MessageImportance.High, "  {0}", line);
        }
    }

    private static string NextStep(PublishReport report, string name) => report.Tags.Count > 0
        ? $"Run it on {string.Join(" or ", report.Images.Select(image => image.Platform))}: docker run --rm {RunArguments.Of(report, name)}"
        : "No tag has moved. Name it by its digest, or combine again without MultiArchPushByDigest.";
}

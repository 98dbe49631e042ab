using Microsoft.Build.Framework;
using MultiArch.Build.Combining;
using MultiArch.Oci;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Publishing.Combining;
using MultiArch.Oci.Registry;

namespace MultiArch.Build.Tasks;

/// <summary>Makes of images that are in registries one index, and moves the tags last.</summary>
[MSBuildMultiThreadableTask]
public sealed class CombineImages : PublishTask
{
    /// <summary>What <c>MultiArchCombineFrom</c> names, as it is written.</summary>
    public string[] Parts { get; set; } = [];

    /// <summary>Identity: the path of a file <c>image.json</c>, or the reference of an image. Metadata: <c>Part</c>, one of <see cref="Parts"/>.</summary>
    public ITaskItem[] From { get; set; } = [];

    /// <inheritdoc cref="CombineSettings"/>
    public string ArchiveOutputPath { get; set; } = "";

    /// <inheritdoc cref="CombineSettings"/>
    public string LocalRegistry { get; set; } = "";

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

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var options = Registries.ToOptions();
        var results = ReadOutputs();
        var settings = new CombineSettings(Registry, Repository, Tag, Tags, Append, PushByDigest);
        CombineSettings.CheckDestination(Registry, LocalRegistry, ArchiveOutputPath);
        var required = Build.RequiredPlatforms.Parse(RequiredPlatforms);
        var sources = await ReadSourcesAsync(cancellationToken);
        var names = settings.ReadNames(sources, AnnotationItems.Read(Annotations, AnnotationScope.Index, ImageFormat.Oci));
        results.Check(names.Repository.Name);

        using var registries = Connect(options, names.Repository, sources.Select(source => new ImageLocation.Registry(source.Image)));
        using var stores = new ImageSources(registries.Transport);
        var combiner = new ImageCombiner(new RegistryClient(names.Repository, registries.Transport), stores.OpenChild, new EventLog(Log, BuildEngine), TimeProvider.System);
        var request = new CombineRequest(sources, names.Tags)
        {
            RequiredPlatforms = required,
            IndexAnnotations = names.IndexAnnotations,
            Append = Append,
            PushByDigest = PushByDigest,
        };
        var report = await combiner.CombineAsync(request, cancellationToken);

        var name = names.Repository.Name;
        var naming = new ImageReport.Naming(names.Project, name, names.Repository.Registry, names.Repository.Repository, [.. report.Tags.Select(tag => $"{name}:{tag}")]);
        await TellAsync(report, naming, NextStep(report, name), results);
    }

    private async Task<IReadOnlyList<CombineSource>> ReadSourcesAsync(CancellationToken cancellationToken)
    {
        var parts = new CombineParts(Parts, [.. From.Select(item => (item.GetMetadata("Part"), item.ItemSpec))], ProjectDirectory);
        var texts = parts.Read(parts.FullPath(MetadataFile), out var leftOut);
        if (leftOut)
        {
            Log.LogMessage(MessageImportance.High, "  '{0}' is no part: this combine writes it.", MetadataFile);
        }

        return await CombineSources.ReadAsync(parts, texts, cancellationToken);
    }

    private static string NextStep(PublishReport report, string name) => report.Tags.Count > 0
        ? $"Run it on {string.Join(" or ", report.Images.Select(image => image.Platform))}: docker run --rm {RunArguments.Of(report, name)}"
        : "No tag has moved. Name it by its digest, or combine again without MultiArchPushByDigest.";
}

using Microsoft.Build.Framework;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;

namespace MultiArch.Build.Tasks;

/// <summary>Writes one platform's <see cref="ImagePlan"/> from its publish folder and the project's items.</summary>
[MSBuildMultiThreadableTask]
public sealed class WriteImagePlan : ImageSettingsTask
{
    [Required]
    public string RuntimeIdentifier { get; set; } = "";

    /// <summary>Absolute. All that lies in it goes into the image.</summary>
    [Required]
    public string PublishDirectory { get; set; } = "";

    /// <summary>The SDK's items of what it publishes: they say where files come from, never which there are.</summary>
    public ITaskItem[] PublishedFiles { get; set; } = [];

    /// <summary>The SDK's runtime packs.</summary>
    public ITaskItem[] RuntimePacks { get; set; } = [];

    /// <summary>NuGet's.</summary>
    public string[] PackageFolders { get; set; } = [];

    /// <summary>Absolute; the project's obj.</summary>
    [Required]
    public string BuildDirectory { get; set; } = "";

    public bool ReadyToRun { get; set; }

    public bool LabelCreated { get; set; }

    public bool LabelBaseName { get; set; }

    public bool LabelBaseDigest { get; set; }

    /// <summary>Absolute.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var settings = ReadSettings((LabelCreated ? GeneratedLabels.Created : 0) | (LabelBaseName ? GeneratedLabels.BaseName : 0) | (LabelBaseDigest ? GeneratedLabels.BaseDigest : 0));
        var files = ReadPublished(settings.WorkingDirectory.TrimStart('/')).Concat(ReadFiles(settings));
        var layers = Layerings.Parse(Layering, MaxLayers).Split(files, FileTree.SizeOf);
        var plan = new ImagePlan(RuntimeIdentifier, BaseImage, layers, settings);
        plan.Validate();
        await AtomicFile.WriteIfChangedAsync(PlanFile, plan.ToUtf8Bytes(), cancellationToken);
    }

    /// <param name="folder">Where the published files lie in the image; empty for its root.</param>
    private IEnumerable<(LayerKind, LayerFile)> ReadPublished(string folder)
    {
        var origins = new FileOrigins(PublishedFiles, RuntimePacks, PackageFolders, BuildDirectory, ReadyToRun);
        foreach (var file in FileTree.Read(Path.TrimEndingDirectorySeparator(PublishDirectory), folder))
        {
            var path = folder.Length > 0 ? file.Path[(folder.Length + 1)..] : file.Path;
            yield return (origins.Of(path).LayerOf(path), file);
        }
    }

    /// <summary>Apart from the app's: they change for other reasons, and may be large.</summary>
    private IEnumerable<(LayerKind, LayerFile)> ReadFiles(ImageSettings settings)
    {
        var files = MultiArchFiles.Read(Files, settings.WorkingDirectory);
        MultiArchFiles.RequireSources(Files);
        return files.Files.Select(file => (LayerKind.Files, file));
    }
}

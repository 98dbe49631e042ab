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

    public bool LabelCreated { get; set; }

    public bool LabelBaseName { get; set; }

    public bool LabelBaseDigest { get; set; }

    /// <summary>Absolute.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var settings = ReadSettings((LabelCreated ? GeneratedLabels.Created : 0) | (LabelBaseName ? GeneratedLabels.BaseName : 0) | (LabelBaseDigest ? GeneratedLabels.BaseDigest : 0));
        var app = new LayerPlan("app", FileTree.Read(Path.TrimEndingDirectorySeparator(PublishDirectory), settings.WorkingDirectory.TrimStart('/')));
        var plan = new ImagePlan(RuntimeIdentifier, BaseImage, ReadFiles(settings) is { } files ? [files, app] : [app], settings);
        plan.Validate();
        await AtomicFile.WriteIfChangedAsync(PlanFile, plan.ToUtf8Bytes(), cancellationToken);
    }
    /// <summary>A layer of their own, below the app's: they change for other reasons, and may be large.</summary>
    private LayerPlan? ReadFiles(ImageSettings settings)
    {
        if (Files.Length == 0)
        {
            return null;
        }

        var files = MultiArchFiles.Read(Files, settings.WorkingDirectory);
        MultiArchFiles.RequireSources(Files);
        return files;
    }
}

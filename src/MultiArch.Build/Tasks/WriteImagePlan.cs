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
        var files = FileTree.Read(Path.TrimEndingDirectorySeparator(PublishDirectory), settings.WorkingDirectory.TrimStart('/'));
        var plan = new ImagePlan(RuntimeIdentifier, BaseImage, [new LayerPlan("app", [.. files])], settings);
        await AtomicFile.WriteIfChangedAsync(PlanFile, plan.ToUtf8Bytes(), cancellationToken);
    }
}

using Microsoft.Build.Framework;
using MultiArch.Oci;
using MultiArch.Oci.Images;

namespace MultiArch.Build.Tasks;

/// <summary>Reads what a project says about one platform's image, beside its files.</summary>
public abstract class ImageSettingsTask : AsyncTask
{
    private const string DefaultWorkingDirectory = "/app";

    /// <summary>As the project says it: a registry reference, <c>oci:folder</c>, <c>oci-archive:file</c> or <c>scratch</c>; empty if it is yet to be inferred.</summary>
    public string BaseImage { get; set; } = "";

    /// <summary>Absolute, in the image; empty for <c>/app</c>.</summary>
    public string WorkingDirectory { get; set; } = "";

    public string User { get; set; } = "";

    public string Created { get; set; } = "";

    public string SourceDateEpoch { get; set; } = "";

    public ITaskItem[] AppCommand { get; set; } = [];

    public ITaskItem[] AppCommandArgs { get; set; } = [];

    public string AppCommandInstruction { get; set; } = "";

    public ITaskItem[] Entrypoint { get; set; } = [];

    public ITaskItem[] EntrypointArgs { get; set; } = [];

    public ITaskItem[] DefaultArgs { get; set; } = [];

    /// <summary>Identity: the name. Metadata: <c>Value</c>.</summary>
    public ITaskItem[] EnvironmentVariables { get; set; } = [];

    /// <summary>Identity: the name. Metadata: <c>Value</c>.</summary>
    public ITaskItem[] Labels { get; set; } = [];

    /// <summary>Identity: the key. Metadata: <c>Value</c>, <c>Scope</c>. Those of the manifest are taken.</summary>
    public ITaskItem[] Annotations { get; set; } = [];

    public string ImageFormat { get; set; } = "";

    /// <summary>Identity: the number. Metadata: <c>Type</c>, <c>tcp</c> or <c>udp</c>.</summary>
    public ITaskItem[] Ports { get; set; } = [];

    /// <summary>Identity: a file of this machine. Metadata: <c>TargetPath</c>, <c>Mode</c>, <c>Owner</c>.</summary>
    public ITaskItem[] Files { get; set; } = [];

    /// <summary><c>split</c> or <c>single</c>; empty for the first.</summary>
    public string Layering { get; set; } = "";

    /// <summary>A number from 1 up; empty for the default.</summary>
    public string MaxLayers { get; set; } = "";

    /// <exception cref="MultiArchException">A value that no image can have.</exception>
    private protected ImageSettings ReadSettings(GeneratedLabels generatedLabels) => new(
        CreatedTime.Parse(Created, SourceDateEpoch),
        ReadWorkingDirectory(),
        User.Length > 0 ? User : null,
        new StartCommand(Values(AppCommand), Values(AppCommandArgs), Values(Entrypoint), Values(EntrypointArgs), Values(DefaultArgs), ReadInstruction()),
        [.. EnvironmentVariables.Select(ReadVariable)],
        Labels.GroupBy(label => label.ItemSpec, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().GetMetadata("Value")),
        [.. Ports.Select(ReadPort)],
        AnnotationItems.Read(Annotations, AnnotationScope.Manifest, ImageFormats.Parse(ImageFormat)),
        generatedLabels);

    private string ReadWorkingDirectory()
    {
        var folder = WorkingDirectory.Length > 0 ? WorkingDirectory : DefaultWorkingDirectory;
        return folder.StartsWith('/') && !folder.Split('/').Any(part => part is "." or "..")
            ? folder.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/"
            : throw new MultiArchException(DiagnosticCodes.InvalidPath, $"ContainerWorkingDirectory '{folder}' is not a plain absolute path of the image. Set it to something like /app.");
    }

    private static string[] Values(ITaskItem[] items) => [.. items.Select(item => item.ItemSpec)];

    private AppCommandInstruction? ReadInstruction() =>
        AppCommandInstruction.Length == 0 ? null
        : Enum.TryParse<AppCommandInstruction>(AppCommandInstruction, ignoreCase: true, out var instruction) && Enum.IsDefined(instruction) ? instruction
        : throw new MultiArchException(DiagnosticCodes.InvalidAppCommand, $"ContainerAppCommandInstruction '{AppCommandInstruction}' is unknown. Set it to Entrypoint, DefaultArgs or None.");

    private static KeyValuePair<string, string> ReadVariable(ITaskItem item) =>
        item.ItemSpec.AsSpan().ContainsAny('=', '\0')
            ? throw new MultiArchException(DiagnosticCodes.InvalidEnvironmentVariable, $"ContainerEnvironmentVariable '{item.ItemSpec}' is not a name: it holds '='. Give the value as Value=\"…\".")
            : new(item.ItemSpec, item.GetMetadata("Value"));

    private static string ReadPort(ITaskItem item)
    {
        var (number, type) = item.ItemSpec.Split('/') is [var first, var second] ? (first, second) : (item.ItemSpec, item.GetMetadata("Type"));
        return ushort.TryParse(number, out var port) && port > 0 && type is "" or "tcp" or "udp"
            ? $"{port}/{(type.Length > 0 ? type : "tcp")}"
            : throw new MultiArchException(
                DiagnosticCodes.InvalidPort,
                $"ContainerPort '{item.ItemSpec}'{(type.Length > 0 ? $" of type '{type}'" : "")} is not a port. Give a number from 1 to 65535, and tcp or udp as Type.");
    }
}

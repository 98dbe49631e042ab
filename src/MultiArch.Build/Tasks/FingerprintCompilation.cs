using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Framework;

namespace MultiArch.Build.Tasks;

/// <summary>Writes down, as text, everything that the compiler is about to be given. Two platforms with equal text get equal assemblies.</summary>
/// <remarks>
/// Files stand with their content: each platform generates its own, a target may write another one under the same path for each, and a
/// source may be saved while the first platform is published. Only the platform's own obj folder has one name for all.
/// </remarks>
[MSBuildMultiThreadableTask]
public sealed class FingerprintCompilation : Microsoft.Build.Utilities.Task
{
    private const string Obj = "{obj}/";

    // What an item says to the compiler beside its path: of references, resources and linked resources.
    private static readonly string[] Metadata = ["Aliases", "EmbedInteropTypes", "LogicalName", "Access", "WithCulture", "TargetPath"];

    /// <summary>Identity: a parameter of the compiler's task. Metadata: <c>Value</c>.</summary>
    [Required]
    public ITaskItem[] Options { get; set; } = [];

    /// <summary>Identity: a file. Metadata: <c>Parameter</c>, the parameter that takes it, and the compiler's own.</summary>
    [Required]
    public ITaskItem[] Files { get; set; } = [];

    /// <summary>The platform's own obj folder, absolute, with a trailing slash.</summary>
    [Required]
    public string IntermediateFolder { get; set; } = "";

    /// <summary>Absolute. Written only when its content changes.</summary>
    [Required]
    public string FingerprintFile { get; set; } = "";

    public override bool Execute()
    {
        var text = new StringBuilder();
        foreach (var option in Options)
        {
            text.Append(CultureInfo.InvariantCulture, $"{option.ItemSpec}={Neutral(option.GetMetadata("Value"))}\n");
        }

        foreach (var file in Files)
        {
            text.Append(CultureInfo.InvariantCulture, $"{file.GetMetadata("Parameter")}: {Describe(file)}\n");
        }

        if (!File.Exists(FingerprintFile) || File.ReadAllText(FingerprintFile) != text.ToString())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FingerprintFile)!);
            File.WriteAllText(FingerprintFile, text.ToString());
        }

        return true;
    }

    private string Describe(ITaskItem file)
    {
        var path = Path.GetFullPath(file.GetMetadata("FullPath"));
        var metadata = Metadata.Select(name => (name, value: file.GetMetadata(name))).Where(entry => entry.value.Length > 0);
        return Neutral(path) + (IsOutput(file) ? "" : Content(path)) + string.Concat(metadata.Select(entry => $" {entry.name}={entry.value}"));
    }

    private static bool IsOutput(ITaskItem file) => file.GetMetadata("Parameter") is "OutputAssembly" or "OutputRefAssembly" or "DocumentationFile";

    private static string Content(string path)
    {
        if (!File.Exists(path))
        {
            return " (missing)"; // The compiler will say so.
        }

        using var file = File.OpenRead(path);
        return " " + Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>In PathMap the folder stands with its commas and equals signs doubled.</summary>
    private string Neutral(string text) => text
        .Replace(IntermediateFolder, Obj, StringComparison.Ordinal)
        .Replace(IntermediateFolder.Replace(",", ",,", StringComparison.Ordinal).Replace("=", "==", StringComparison.Ordinal), Obj, StringComparison.Ordinal);
}

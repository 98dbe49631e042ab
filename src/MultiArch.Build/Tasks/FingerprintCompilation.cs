using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Framework;

namespace MultiArch.Build.Tasks;

/// <summary>Writes down, as text, everything that a compiler is about to be given. Two platforms with equal text get equal assemblies.</summary>
/// <remarks>
/// Files stand with their content: each platform generates its own, a target may write another one under the same path for each, and a
/// source may be saved while the first platform is published. What .NET and packages bring is not written in place: there a reading of
/// several hundred reference assemblies, twice for each platform, is spared. Only the platform's own obj folder has one name for all.
/// </remarks>
[MSBuildMultiThreadableTask]
public sealed class FingerprintCompilation : Microsoft.Build.Utilities.Task
{
    private const string Obj = "{obj}/";

    /// <summary>The compiler will say so.</summary>
    private const string Missing = "(missing)";

    // What a file's item says to the compiler beside its path: of references, resources and linked resources.
    private static readonly string[] FileMetadata = ["Aliases", "EmbedInteropTypes", "LogicalName", "Access", "WithCulture", "TargetPath"];

    /// <summary>What is no file: its identity and all its metadata count.</summary>
    public ITaskItem[] Options { get; set; } = [];

    /// <summary>Identity: a file. Metadata: <c>Input</c>, the property or item that named it, and the compiler's own.</summary>
    public ITaskItem[] Files { get; set; } = [];

    /// <summary>Identity: a file that the compiler writes; only its path counts. Metadata: <c>Input</c>.</summary>
    public ITaskItem[] Outputs { get; set; } = [];

    /// <summary>Folders of .NET and of packages, absolute; empty ones are none. A file below them stands with its size and time, since it comes and goes with its version.</summary>
    public string[] InstalledFolders { get; set; } = [];

    /// <summary>The platform's own obj folder, absolute, with a trailing slash.</summary>
    [Required]
    public string IntermediateFolder { get; set; } = "";

    /// <summary>The first platform's, likewise; empty for the first platform itself.</summary>
    public string DonorFolder { get; set; } = "";

    /// <summary>The text's file, relative to both folders. Written only when its content changes.</summary>
    [Required]
    public string FingerprintFile { get; set; } = "";

    /// <summary>Whether the first platform's text is the same.</summary>
    [Output]
    public bool EqualsDonor { get; private set; }

    public override bool Execute()
    {
        var installed = InstalledFolders
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar)
            .Where(folder => !IntermediateFolder.StartsWith(folder, StringComparison.Ordinal)) // One that holds the project holds what is written in place too.
            .ToList();
        var text = new StringBuilder();
        foreach (var option in Options)
        {
            text.Append(CultureInfo.InvariantCulture, $"{option.ItemSpec}{Describe(option)}\n");
        }

        foreach (var file in Files)
        {
            var path = FullPath(file);
            text.Append(CultureInfo.InvariantCulture, $"{file.GetMetadata("Input")}: {Neutral(path)} {(installed.Exists(folder => path.StartsWith(folder, StringComparison.Ordinal)) ? Version(path) : Content(path))}{Describe(file, FileMetadata)}\n");
        }

        foreach (var output in Outputs)
        {
            text.Append(CultureInfo.InvariantCulture, $"{output.GetMetadata("Input")}: {Neutral(FullPath(output))}\n");
        }

        WriteIfDifferent(Path.Combine(IntermediateFolder, FingerprintFile), text.ToString());
        EqualsDonor = DonorFolder.Length > 0 && Read(Path.Combine(DonorFolder, FingerprintFile)) == text.ToString();
        if (DonorFolder.Length > 0 && !EqualsDonor)
        {
            Log.LogMessage(MessageImportance.Normal, "This platform is compiled on its own: '{0}' differs from the one in '{1}'.", FingerprintFile, DonorFolder);
        }

        return true;
    }

    private static string FullPath(ITaskItem file) => Path.GetFullPath(file.GetMetadata("FullPath"));

    private string Describe(ITaskItem item) =>
        Describe(item, item.CloneCustomMetadata().Keys.Cast<string>().Order(StringComparer.Ordinal));

    private string Describe(ITaskItem item, IEnumerable<string> metadata) => string.Concat(metadata
        .Select(name => (name, value: item.GetMetadata(name)))
        .Where(entry => entry.value.Length > 0)
        .Select(entry => $" {entry.name}={Neutral(entry.value)}"));

    private static string Content(string path)
    {
        if (!File.Exists(path))
        {
            return Missing;
        }

        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static string Version(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc:O}") : Missing;
    }

    private static string? Read(string path) => File.Exists(path) ? File.ReadAllText(path) : null;

    private static void WriteIfDifferent(string path, string text)
    {
        if (Read(path) != text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    /// <summary>In PathMap the folder stands with its commas and equals signs doubled.</summary>
    private string Neutral(string text) => text
        .Replace(IntermediateFolder, Obj, StringComparison.Ordinal)
        .Replace(IntermediateFolder.Replace(",", ",,", StringComparison.Ordinal).Replace("=", "==", StringComparison.Ordinal), Obj, StringComparison.Ordinal);
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Build.Framework;

namespace MultiArch.Build.Tasks;

/// <summary>Writes down, as text, everything that the restore of a platform is made of. While the text is the same, there is nothing to restore.</summary>
/// <remarks>
/// NuGet's own check needs the graph of all projects, and for that an evaluation of each of them for each platform. Here the text is made of
/// what a publish has at hand: NuGet's entries for the app, from the platform's evaluation, and the graph that the user's own restore has
/// just written for all projects. What neither shows is a referenced project whose packages depend on the platform; <see cref="RestoreSources"/>
/// finds those, and then there is no text.
/// </remarks>
[MSBuildMultiThreadableTask]
public sealed class FingerprintRestore : Microsoft.Build.Utilities.Task
{
    private const string CacheFileName = "project.nuget.cache";

    /// <summary>NuGet's entries for the app and its framework; all metadata count, and the identities are random.</summary>
    [Required]
    public ITaskItem[] Graph { get; set; } = [];

    /// <summary>Identity: the name of a property. Metadata: <c>Value</c>.</summary>
    public ITaskItem[] Settings { get; set; } = [];

    /// <summary>Absolute.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>The <c>*.nuget.dgspec.json</c> of the user's own restore, absolute.</summary>
    [Required]
    public string ProjectGraphFile { get; set; } = "";

    /// <summary>What the restore of the platform writes into, absolute.</summary>
    [Required]
    public string RestoreFolder { get; set; } = "";

    /// <summary>Absolute.</summary>
    [Required]
    public string FingerprintFile { get; set; } = "";

    /// <summary>Writes the text, for a restore that has just been done; else it is only compared.</summary>
    public bool Keep { get; set; }

    /// <summary>Whether a restore would find nothing to do.</summary>
    [Output]
    public bool IsCurrent { get; private set; }

    public override bool Execute()
    {
        var text = Describe();
        var kept = File.Exists(FingerprintFile) ? File.ReadAllText(FingerprintFile) : null;
        IsCurrent = text is not null && text == kept;
        if (Keep && text is null)
        {
            File.Delete(FingerprintFile);
        }
        else if (Keep && !IsCurrent)
        {
            File.WriteAllText(FingerprintFile, text);
        }

        return true;
    }

    /// <returns>Null if no text says it all.</returns>
    private string? Describe()
    {
        try
        {
            var references = Graph.Where(entry => entry.GetMetadata("Type") == "ProjectReference").Select(entry => entry.GetMetadata("ProjectPath"));
            var sources = RestoreSources.Read(ProjectFile, ProjectGraphFile, references);
            return sources is not null && IsComplete() ? Describe(sources) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            Log.LogMessage(MessageImportance.Low, "It is not known whether '{0}' is up to date: {1}", RestoreFolder, e.Message);
            return null;
        }
    }

    private string Describe(IEnumerable<string> sources)
    {
        var text = new StringBuilder();
        foreach (var setting in Settings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{setting.ItemSpec}={setting.GetMetadata("Value")}\n");
        }

        foreach (var entry in Graph)
        {
            var metadata = entry.CloneCustomMetadata();
            text.AppendJoin(' ', metadata.Keys.Cast<string>().Order(StringComparer.Ordinal).Select(name => $"{name}={metadata[name]}")).Append('\n');
        }

        // What both restores made of it; the lock file is there for whoever asks for one.
        var userCacheFile = Path.Combine(Path.GetDirectoryName(ProjectGraphFile)!, CacheFileName);
        foreach (var file in (string[])[.. sources, ProjectGraphFile, userCacheFile, CacheFile, Path.Combine(RestoreFolder, "packages.lock.json")])
        {
            text.Append(CultureInfo.InvariantCulture, $"{file} {(File.Exists(file) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))) : "(missing)")}\n");
        }

        return text.ToString();
    }

    private string CacheFile => Path.Combine(RestoreFolder, CacheFileName);

    /// <summary>What NuGet looks for before it believes its cache file: the assets, and each package where it was unpacked.</summary>
    private bool IsComplete()
    {
        if (!File.Exists(Path.Combine(RestoreFolder, "project.assets.json")))
        {
            return false;
        }

        using var cache = JsonDocument.Parse(File.ReadAllBytes(CacheFile));
        return cache.RootElement.GetProperty("success").GetBoolean()
            && cache.RootElement.GetProperty("expectedPackageFiles").EnumerateArray().All(file => File.Exists(file.GetString()));
    }
}

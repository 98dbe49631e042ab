using System.Text.Json;
using System.Text.RegularExpressions;

namespace MultiArch.Build;

/// <summary>The files of a user from which the restore of an app and of the projects that it references is evaluated, as far as a folder shows them.</summary>
internal static partial class RestoreSources
{
    /// <summary>What MSBuild and NuGet look for in a project's folder and above it.</summary>
    private static readonly string[] Conventional = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    // Where they are read, not where they are set. PlatformTarget is what the SDK makes of the RuntimeIdentifier.
    private static readonly string[] PlatformProperties = ["$(RuntimeIdentifier", "$(PlatformTarget"];

    // With these a project says where else MSBuild and NuGet look.
    private static readonly string[] OtherPlaces = ["DirectoryBuildPropsPath", "DirectoryBuildTargetsPath", "DirectoryPackagesPropsPath"];

    /// <param name="projectFile">The app. It may depend on the platform: it is evaluated for each.</param>
    /// <param name="graphFile">NuGet's graph of all projects, evaluated for no platform.</param>
    /// <param name="references">The projects that the app refers to on the platform, absolute.</param>
    /// <returns>Absolute paths; null if what a referenced project needs may depend on the platform.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="JsonException">The graph is none.</exception>
    public static IReadOnlyList<string>? Read(string projectFile, string graphFile, IEnumerable<string> references)
    {
        using var graph = JsonDocument.Parse(File.ReadAllBytes(graphFile));
        var projects = graph.RootElement.GetProperty("projects").EnumerateObject().Select(project => project.Name).ToHashSet();
        if (references.Any(project => !projects.Contains(project)))
        {
            return null; // Referred to on this platform alone: what it needs in turn stands nowhere.
        }

        var files = projects.Where(project => project != projectFile).SelectMany(FilesOf).Distinct().ToList();
        return files.Exists(MayDependOnPlatform) ? null : [.. FilesOf(projectFile).Union(files)];
    }

    private static IEnumerable<string> FilesOf(string project)
    {
        var files = new List<string> { project, project + ".user" };
        for (var folder = Path.GetDirectoryName(project); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            files.AddRange(Conventional.Select(name => Path.Combine(folder, name)));
        }

        return files.Where(File.Exists);
    }

    private static bool MayDependOnPlatform(string file)
    {
        var text = File.ReadAllText(file);
        return PlatformProperties.Concat(OtherPlaces).Any(name => text.Contains(name, StringComparison.OrdinalIgnoreCase))
            || Imports().Matches(text).Any(import => !IsLookedAt(import.Value))
            || Sdks().Matches(text).Any(sdk => !sdk.Groups["name"].Value.StartsWith("Microsoft.NET.Sdk", StringComparison.Ordinal));
    }

    /// <summary>Whether it is the next file above of its own kind that is imported.</summary>
    private static bool IsLookedAt(string import) =>
        Conventional.Any(name => import.Contains(name, StringComparison.Ordinal))
            && (import.Contains("OfFileAbove(", StringComparison.Ordinal) || PlainPathAbove().IsMatch(import));

    [GeneratedRegex("<Import\\s[^>]*")]
    private static partial Regex Imports();

    [GeneratedRegex("""Project\s*=\s*["'](\$\(MSBuildThisFileDirectory\))?(\.\.[/\\])+[^/\\"']+["']""")]
    private static partial Regex PlainPathAbove();

    [GeneratedRegex("""<(Project|Import)\s[^>]*?\bSdk\s*=\s*["'](?<name>[^"']*)|<Sdk\s[^>]*?\bName\s*=\s*["'](?<name>[^"']*)""")]
    private static partial Regex Sdks();
}

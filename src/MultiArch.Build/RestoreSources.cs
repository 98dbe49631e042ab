using System.Text.Json;

namespace MultiArch.Build;

/// <summary>The files of a user from which the restore of an app and of the projects that it references is evaluated, as far as a folder shows them.</summary>
internal static class RestoreSources
{
    /// <summary>What MSBuild and NuGet look for in a project's folder and above it.</summary>
    private static readonly string[] Conventional = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    // Where they are read, not where they are set. PlatformTarget is what the SDK makes of the RuntimeIdentifier.
    private static readonly string[] PlatformProperties = ["$(RuntimeIdentifier", "$(PlatformTarget"];

    /// <param name="projectFile">The app. It may depend on the platform: it is evaluated for each.</param>
    /// <param name="graphFile">NuGet's graph of all projects, evaluated for no platform.</param>
    /// <returns>Absolute paths; null if what a referenced project needs may depend on the platform.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="JsonException">The graph is none.</exception>
    public static IReadOnlyList<string>? Read(string projectFile, string graphFile)
    {
        using var graph = JsonDocument.Parse(File.ReadAllBytes(graphFile));
        var references = graph.RootElement.GetProperty("projects").EnumerateObject()
            .Select(project => project.Name)
            .Where(project => project != projectFile)
            .SelectMany(FilesOf)
            .Distinct()
            .ToList();
        return references.Exists(MayDependOnPlatform) ? null : [.. FilesOf(projectFile).Union(references)];
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
        return PlatformProperties.Any(name => text.Contains(name, StringComparison.OrdinalIgnoreCase)) || ImportsAnother(text);
    }

    /// <summary>Whether a file is imported that is not looked at here. The next one above of its own kind is.</summary>
    private static bool ImportsAnother(string text)
    {
        for (var start = text.IndexOf("<Import", StringComparison.Ordinal); start >= 0; start = text.IndexOf("<Import", start + 1, StringComparison.Ordinal))
        {
            var end = text.IndexOf('>', start);
            var element = text[start..(end < 0 ? text.Length : end)];
            if (!Conventional.Any(name => element.Contains(name, StringComparison.Ordinal)) && !element.StartsWith("<ImportGroup", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}

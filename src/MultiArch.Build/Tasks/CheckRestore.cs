using System.Text.Json;
using Microsoft.Build.Framework;
using MultiArch.Oci;

namespace MultiArch.Build.Tasks;

/// <summary>Refuses an image of other package versions than the project was restored with: a floating version or a lock file would have been passed over.</summary>
[MSBuildMultiThreadableTask]
public sealed class CheckRestore : Microsoft.Build.Utilities.Task
{
    /// <summary>The project's own <c>project.assets.json</c>, absolute.</summary>
    [Required]
    public string ProjectAssetsFile { get; set; } = "";

    /// <summary>That of the restore for our platforms, absolute.</summary>
    [Required]
    public string PlatformAssetsFile { get; set; } = "";

    [Required]
    public string RuntimeIdentifier { get; set; } = "";

    public override bool Execute()
    {
        var restored = ReadPackages(ProjectAssetsFile).ToLookup(package => package.Name, StringComparer.OrdinalIgnoreCase);
        // A platform may bring packages of its own; those that both have must be the same.
        var differing = ReadPackages(PlatformAssetsFile)
            .Where(package => restored.Contains(package.Name) && !restored[package.Name].Contains(package))
            .Select(package => restored[package.Name].Any(other => other.Version == package.Version)
                ? $"{package.Name} {package.Version} with other content than before"
                : $"{package.Name} {package.Version} in place of {string.Join(", ", restored[package.Name].Select(other => other.Version))}")
            .ToList();
        if (differing.Count > 0)
        {
            Log.Error(
                DiagnosticCodes.RestoreDiffers,
                $"The restore for {RuntimeIdentifier} took {string.Join("; ", differing)}. Restore both anew with 'dotnet publish --force'; if the project has a packages.lock.json, "
                + "list the image's platforms as RuntimeIdentifiers in it, so that the lock file covers them.");
        }

        return !Log.HasLoggedErrors;
    }

    /// <summary>The packages for no platform in particular: a package may ask for other versions on one, and that is no difference of two restores.</summary>
    private static IEnumerable<(string Name, string Version, string? Hash)> ReadPackages(string assetsFile)
    {
        using var assets = JsonDocument.Parse(File.ReadAllBytes(assetsFile));
        var libraries = assets.RootElement.GetProperty("libraries");
        var portable = assets.RootElement.GetProperty("targets").EnumerateObject().Where(target => !target.Name.Contains('/'));
        foreach (var library in portable.SelectMany(target => target.Value.EnumerateObject()))
        {
            if (library.Name.Split('/') is [var name, var version] && library.Value.GetProperty("type").GetString() == "package")
            {
                yield return (name, version, libraries.TryGetProperty(library.Name, out var entry) && entry.TryGetProperty("sha512", out var hash) ? hash.GetString() : null);
            }
        }
    }
}

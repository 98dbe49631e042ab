using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Publishing;

/// <summary>Finds the assemblies that carry a folder of this machine, so that the same sources built elsewhere give other bytes.</summary>
internal static class MachinePaths
{
    /// <returns>The assembly's path in the image and the folder; each assembly once for all platforms.</returns>
    public static IEnumerable<(string Path, string Folder)> Find(IEnumerable<PlatformImage> platforms) =>
        platforms
            .SelectMany(platform => platform.Recipes)
            .SelectMany(recipe => recipe.Entries)
            .Where(entry => entry.Source is not null && System.IO.Path.GetExtension(entry.Path) is ".dll" or ".exe")
            .DistinctBy(entry => entry.Path)
            .Select(entry => (entry.Path, Folder: FolderOf(entry.Source!)))
            .Where(found => found.Folder is not null)
            .Select(found => (found.Path, found.Folder!));

    /// <summary>Packages carry folders of the machines that built them: only one that exists here was put in by this build.</summary>
    private static string? FolderOf(string assembly)
    {
        try
        {
            return DebugDirectory.ReadPdbPath(assembly) is { } pdb
                && System.IO.Path.IsPathFullyQualified(pdb)
                && System.IO.Path.GetDirectoryName(pdb) is { } folder
                && Directory.Exists(folder)
                    ? folder
                    : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // Packing, which comes next, says which file is gone.
        }
    }
}

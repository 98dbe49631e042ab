using MultiArch.Oci.Images;
using MultiArch.Oci.Inspection;
using MultiArch.Oci.Layers;

namespace MultiArch.Oci.Publishing;

/// <summary>Looks at an image without a base and says what its command needs and does not find.</summary>
internal static class StartCheck
{
    /// <exception cref="MultiArchException">The program's file is gone or cannot be read.</exception>
    /// <returns>A path in the image; null when nothing is missing, or when a base may have it.</returns>
    public static string? FindMissing(PlatformImage platform)
    {
        if (platform.Base.Reference is not BaseReference.Scratch)
        {
            return null;
        }

        var (entrypoint, cmd) = platform.Plan.Settings.Command.Resolve([]);
        if (entrypoint.Concat(cmd).FirstOrDefault() is not { } program)
        {
            return null;
        }

        var entries = platform.Recipes.SelectMany(recipe => recipe.Entries).ToLookup(entry => "/" + entry.Path, StringComparer.Ordinal);
        if (entries[program].FirstOrDefault() is not { Source: { } source })
        {
            return program;
        }

        using var file = SourceFile.Open(source);
        return ElfFile.TryRead(file)?.Interpreter is { } loader && !entries[loader].Any() ? loader : null;
    }
}

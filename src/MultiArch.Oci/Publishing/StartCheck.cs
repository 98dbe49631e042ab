using MultiArch.Oci.Contents;
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

        var tree = new MergedTree();
        var layer = 0;
        foreach (var recipe in platform.Recipes)
        {
            new LayerOnTree(tree, ++layer).Add(recipe);
        }

        // The program and its loader may both be named through links, such as /lib64 of a merged /usr.
        var path = tree.Resolve(program, followsLast: true).Path;
        var sources = platform.Recipes.SelectMany(recipe => recipe.Entries).ToLookup(entry => entry.Path, StringComparer.Ordinal);
        if (SourceOf(sources[path].LastOrDefault(), sources) is not { } source)
        {
            return program;
        }

        using var file = SourceFile.Open(source);
        return ElfFile.TryRead(file)?.Interpreter is { } loader && tree.Follow(loader) is null ? loader : null;
    }

    private static string? SourceOf(LayerEntry? entry, ILookup<string, LayerEntry> entries) =>
        entry is { Type: LayerEntryType.HardLink, LinkTarget: { } target } ? entries[target].LastOrDefault()?.Source : entry?.Source;
}

namespace MultiArch.Oci.Layers;

/// <summary>Puts a plan into the order of the tar: each path once, every parent before its children.</summary>
internal static class LayerTree
{
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.PathTwice"/> or <see cref="DiagnosticCodes.InvalidPath"/>.</exception>
    public static IReadOnlyList<LayerFile> Arrange(LayerPlan plan)
    {
        var files = new Dictionary<string, LayerFile>(StringComparer.Ordinal);
        foreach (var file in plan.Files)
        {
            ImagePath.Validate(file);
            if (!files.TryAdd(file.Path, file) && !IsSameDirectory(files[file.Path], file))
            {
                throw Twice(file.Path, files[file.Path], file);
            }
        }

        foreach (var file in plan.Files)
        {
            AddParents(files, file);
        }

        return [.. HardLinks.Settle(files).OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    private static void AddParents(Dictionary<string, LayerFile> files, LayerFile file)
    {
        for (var slash = file.Path.LastIndexOf('/'); slash > 0; slash = file.Path.LastIndexOf('/', slash - 1))
        {
            var parent = file.Path[..slash];
            if (files.TryAdd(parent, Parent(parent)))
            {
                continue;
            }

            if (files[parent].Type is not LayerEntryType.Directory)
            {
                throw Twice(parent, files[parent], file);
            }

            break;
        }
    }

    /// <summary>An entry replaces the mode of a folder that the base has, and these three have another than the rest: nobody but root could write to a /tmp of 0755.</summary>
    private static LayerFile Parent(string path) => new(path, Mode: path switch
    {
        "tmp" or "var/tmp" => 0b001_111_111_111,
        "root" => 0b111_000_000,
        _ => null,
    });

    private static bool IsSameDirectory(LayerFile first, LayerFile second) => first.Type is LayerEntryType.Directory && first == second;

    private static MultiArchException Twice(string path, LayerFile first, LayerFile second) => new(
        DiagnosticCodes.PathTwice,
        $"Two things want the path '{path}' of the image: {first.Origin}, and {second.Origin}{(second.Path == path ? "" : $" at '{second.Path}'")}. Rename one of them, or leave it out of what is published.");
}

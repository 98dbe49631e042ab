using MultiArch.Debian.DebFiles;
using MultiArch.Oci;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Layers;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>Makes layers of packages: a working system on an empty root, or what a base lacks.</summary>
public static class SystemLayers
{
    private const int SpecialBits = 0b110_000_000_000;

    // In a message.
    private const int MaxNamed = 5;

    /// <summary>
    /// Decides what lies where and makes the few files that scripts would have made. The same packages, base and options give the same layers,
    /// on every machine.
    /// </summary>
    /// <param name="baseTree">What the base holds; empty for an image without a base. Read with <see cref="Bases.BaseSystem.Selection"/>.</param>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.FileOfTwoPackages"/>, <see cref="DiagnosticCodes.PackageDoesNotFit"/>, <see cref="DiagnosticCodes.FileOfPackageAndApp"/>,
    /// <see cref="DiagnosticCodes.InvalidAuthority"/> or <see cref="DiagnosticCodes.CannotWrite"/>.
    /// </exception>
    public static ArrangedLayers Arrange(MergedTree baseTree, IReadOnlyList<ExtractedPackage> packages, SystemLayerOptions options)
    {
        var placement = new Placement(baseTree.Copy());
        var files = new GeneratedFiles(options.GeneratedFolder);
        var isSystem = baseTree.Count == 0 && packages.Count > 0;
        if (isSystem)
        {
            MergedUsr.Prepare(placement.Tree);
        }

        placement.Add(packages, options.Filter);
        PackageRecords.Make(placement, packages, files);
        Authorities.Make(placement, baseTree.Resolve(CertificateBundle.Path, followsLast: true), options, files);
        var others = options.OtherFiles.Select(file => placement.Tree.Resolve(file.Path).Path).ToHashSet(StringComparer.Ordinal);
        if (isSystem)
        {
            SystemFiles.Make(placement, others, files);
            MergedUsr.Make(placement);
        }

        RequireApart(placement, options.OtherFiles);
        LayerPlan[] layers =
        [
            new(SystemLayerOptions.CommonTitle, LayerOf(placement, isCommon: true)) { IsOfSystem = true },
            new(SystemLayerOptions.ArchitectureTitle, LayerOf(placement, isCommon: false)) { IsOfSystem = true },
        ];
        return new ArrangedLayers([.. layers.Where(layer => layer.Files.Count > 0)], [.. ScriptEffects.Find(packages), .. FindSpecialModes(placement)], placement.Tree);
    }

    private static void RequireApart(Placement placement, IReadOnlyList<LayerFile> others)
    {
        foreach (var other in others.Where(file => file.Type is not LayerEntryType.Directory))
        {
            var resolved = placement.Tree.Resolve(other.Path);
            if (resolved.Fault is not null || placement.Placed.ContainsKey(resolved.Path))
            {
                var owner = placement.Placed.GetValueOrDefault(resolved.Path)?.Package;
                throw new MultiArchException(
                    DiagnosticCodes.FileOfPackageAndApp,
                    $"'/{OneLine.Of(other.Path)}' is a file of the app{(other.Source is null ? "" : $" ('{OneLine.Of(other.Source)}')")} and of {(owner is null ? "the system" : $"the package {owner}")}{(resolved.Fault is { } fault ? $": {fault}" : "")}. "
                    + "Give the app's file another place, or leave the package's out with MultiArchOSPackageExclude.");
            }
        }
    }

    private static List<LayerFile> LayerOf(Placement placement, bool isCommon)
    {
        var placed = placement.Placed.Values.Where(file => file.IsCommon == isCommon).ToList();
        var files = placed.ToDictionary(file => file.File.Path, file => file.File, StringComparer.Ordinal);
        foreach (var names in placed.Where(file => file.Inode is not null).GroupBy(file => (file.Package, file.Inode)))
        {
            var paths = names.Select(name => name.File.Path).Order(StringComparer.Ordinal).ToList();
            foreach (var path in paths.Skip(1))
            {
                files[path] = LayerFile.HardLink(path, paths[0]);
            }
        }

        // A directory's entry sets its mode anew, so each has the mode that the base, or a package, gave it.
        foreach (var path in files.Keys.ToList())
        {
            for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
            {
                var parent = path[..slash];
                if (placement.Tree.Find(parent) is { } directory)
                {
                    files.TryAdd(parent, new LayerFile(parent, Mode: directory.Mode, Uid: directory.Uid, Gid: directory.Gid));
                }
            }
        }

        return [.. files.Values.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    private static IEnumerable<PackageWarning> FindSpecialModes(Placement placement) =>
        placement.Placed.Values
            .Where(file => file.Inode is not null && (file.File.Mode & SpecialBits) != 0)
            .GroupBy(file => file.Package!) // what has an inode is a package's
            .OrderBy(files => files.Key.Name, StringComparer.Ordinal)
            .Select(files => new PackageWarning(
                DiagnosticCodes.SpecialMode,
                files.Key.Name,
                $"The package {files.Key} has programs that run with another user's or group's rights: {Named([.. files.Select(file => $"/{file.File.Path}").Order(StringComparer.Ordinal)])}. Leave them out with MultiArchOSPackageExclude if the app does not need them."));

    private static string Named(IReadOnlyList<string> paths) =>
        string.Join(", ", paths.Take(MaxNamed)) + (paths.Count > MaxNamed ? $", and {paths.Count - MaxNamed} more" : "");
}

using Microsoft.Build.Framework;
using MultiArch.Oci.Layers;

namespace MultiArch.Build;

/// <summary>Where each published file comes from, by the SDK's items.</summary>
/// <remarks>
/// ReadyToRun and the trimmer put files of their own below obj in the place of an item's file and keep its other metadata: so files are
/// found by RelativePath, the path that they have in the published folder.
/// </remarks>
internal sealed class FileOrigins
{
    private static readonly FileOrigin Unknown = new FileOrigin.Build();

    private readonly Dictionary<string, FileOrigin> _byPath = new(StringComparer.Ordinal);
    private readonly HashSet<string> _runtimePacks;
    private readonly IReadOnlyList<string> _packageFolders;
    private readonly string _buildFolder;
    private readonly bool _isReadyToRun;

    /// <param name="published">The SDK's ResolvedFileToPublish.</param>
    /// <param name="runtimePacks">The SDK's ResolvedRuntimePack.</param>
    /// <param name="packageFolders">Absolute; NuGet's.</param>
    /// <param name="buildFolder">Absolute; the project's obj.</param>
    /// <param name="isReadyToRun">Whether assemblies are compiled for the platform.</param>
    public FileOrigins(ITaskItem[] published, ITaskItem[] runtimePacks, IEnumerable<string> packageFolders, string buildFolder, bool isReadyToRun)
    {
        _runtimePacks = runtimePacks.Select(pack => pack.GetMetadata("NuGetPackageId")).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _packageFolders = [.. packageFolders.Select(AsPrefix)];
        _buildFolder = AsPrefix(buildFolder);
        _isReadyToRun = isReadyToRun;
        foreach (var item in published)
        {
            // The satellites of the app have a backslash on every system. Where two items want one path, the SDK copies the later one last.
            _byPath[item.GetMetadata("RelativePath").Replace('\\', '/')] = Read(item);
        }
    }

    /// <param name="path">Relative to the published folder, parts separated by <c>/</c>.</param>
    /// <returns>What no item names is the app's: bundles of single files, what hooks wrote.</returns>
    public FileOrigin Of(string path) => _byPath.GetValueOrDefault(path, Unknown);

    private FileOrigin Read(ITaskItem item)
    {
        var source = item.GetMetadata("FullPath");
        var package = item.GetMetadata("NuGetPackageId");
        if (_runtimePacks.Contains(package))
        {
            return new FileOrigin.Runtime();
        }

        var path = item.GetMetadata("PathInPackage") is { Length: > 0 } said ? said : PathInPackage(source);
        if (package.Length > 0 || path is not null)
        {
            return new FileOrigin.Package(path ?? "", item.GetMetadata("AssetType") == "native", _isReadyToRun && IsBelow(_buildFolder, source));
        }

        return item.GetMetadata("ReferenceSourceTarget").Length > 0 || item.GetMetadata("MSBuildSourceProjectFile").Length > 0 ? new FileOrigin.Reference()
            : IsBelow(_buildFolder, source) ? Unknown
            : new FileOrigin.Source();
    }

    /// <summary>What a package's own targets publish are items like a project's, known by their place alone: <c>folder/id/version/path</c>.</summary>
    private string? PathInPackage(string source) =>
        _packageFolders.FirstOrDefault(folder => IsBelow(folder, source)) is { } folder
            ? string.Join('/', source[folder.Length..].Replace('\\', '/').Split('/').Skip(2))
            : null;

    private static bool IsBelow(string folder, string path) => path.StartsWith(folder, StringComparison.Ordinal);

    private static string AsPrefix(string folder) => Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar;
}

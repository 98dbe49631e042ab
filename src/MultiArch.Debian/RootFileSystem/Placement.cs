using MultiArch.Debian.DebFiles;
using MultiArch.Oci;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Layers;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>Decides where each path of some packages really lies on a base.</summary>
/// <remarks>
/// A layer that names <c>lib/x</c> over a base whose <c>lib</c> is a link replaces the link, and every program is gone: so each parent is
/// followed first. What stands at a path is decided by dpkg's rules, https://wiki.debian.org/Teams/Dpkg/FAQ: a directory over a link to one
/// keeps the link and goes through it, a link over a directory is refused, a directory that is there keeps its mode.
/// </remarks>
internal sealed class Placement
{
    private readonly Dictionary<string, PlacedFile> _placed = new(StringComparer.Ordinal);

    /// <summary>The files of packages with hard links, those that are left out included.</summary>
    private readonly Dictionary<ExtractedPackage, Dictionary<string, PackageEntry>> _files = new(ReferenceEqualityComparer.Instance);

    /// <summary>Directories that were made for what lies in them, and that no package has described yet.</summary>
    private readonly HashSet<string> _implied = new(StringComparer.Ordinal);

    /// <param name="tree">The base; changed as files are placed.</param>
    public Placement(MergedTree tree) => Tree = tree;

    public MergedTree Tree { get; }

    /// <summary>By path.</summary>
    public IReadOnlyDictionary<string, PlacedFile> Placed => _placed;

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.FileOfTwoPackages"/> or <see cref="DiagnosticCodes.PackageDoesNotFit"/>.</exception>
    public void Add(IReadOnlyList<ExtractedPackage> packages, FileFilter filter)
    {
        // Packages for every architecture first: what they decide, such as the mode of a directory, must not depend on the others.
        var entries = packages
            .OrderBy(package => !package.IsForAll)
            .ThenBy(package => package.Name, StringComparer.Ordinal)
            .SelectMany(package => package.Entries.Where(filter.Includes).Select(entry => (Package: package, Entry: entry)))
            .OrderBy(item => item.Entry.Path, StringComparer.Ordinal)
            .ToList();

        // Links first, so that nothing depends on the order of packages; parents before children, as links go through links.
        foreach (var (package, entry) in entries.Where(item => item.Entry.Type is LayerEntryType.Symlink))
        {
            AddLink(package, entry);
        }

        foreach (var (package, entry) in entries.Where(item => item.Entry.Type is LayerEntryType.Directory))
        {
            AddDirectory(package, entry);
        }

        foreach (var (package, entry) in entries.Where(item => item.Entry.Type is LayerEntryType.File or LayerEntryType.HardLink))
        {
            AddFile(package, entry);
        }
    }

    /// <summary>Puts a file, link or directory of our own in place of whatever is there.</summary>
    /// <returns>Its path without links among its parents.</returns>
    public string Make(LayerFile file, ExtractedPackage? package, bool isCommon)
    {
        var path = Resolve(file.Path, package);
        Put(path, file.Type switch
        {
            LayerEntryType.Directory => new TreeEntry(TreeEntryType.Directory, file.Mode ?? TreeEntry.DefaultDirectoryMode, file.Uid, file.Gid),
            LayerEntryType.Symlink => Link(file.LinkTarget!, 0, 0), // of that type
            _ => new TreeEntry(TreeEntryType.File, file.Mode ?? 0, file.Uid, file.Gid),
        });
        _placed[path] = new PlacedFile(file with { Path = path }, package, isCommon);
        return path;
    }

    private static TreeEntry Link(string target, int uid, int gid) => new(TreeEntryType.Symlink, 0b111_111_111, uid, gid) { LinkTarget = target };

    private static MultiArchException DoesNotFit(ExtractedPackage? package, string path, string why) => new(
        DiagnosticCodes.PackageDoesNotFit,
        $"'/{OneLine.Of(path)}' of {(package is null ? "the system's files" : $"the package {package}")} cannot be laid down: {why}. Leave the package or the path out with MultiArchOSPackageExclude, or take another base image.");

    private void AddLink(ExtractedPackage package, PackageEntry entry)
    {
        var path = Resolve(entry.Path, package);
        if (Tree.Find(path)?.Type is TreeEntryType.Directory)
        {
            throw DoesNotFit(package, entry.Path, $"it is a link to '{OneLine.Of(entry.LinkTarget)}', and a directory is there");
        }

        if (Claim(path, package))
        {
            Put(path, Link(entry.LinkTarget!, entry.Uid, entry.Gid)); // a symlink has a text
            _placed[path] = new PlacedFile(new LayerFile(path, LinkTarget: entry.LinkTarget, Uid: entry.Uid, Gid: entry.Gid), package, package.IsForAll);
        }
    }

    private void AddDirectory(ExtractedPackage package, PackageEntry entry)
    {
        var resolved = Tree.Resolve(entry.Path, followsLast: true);
        if (resolved.Fault is { } fault || resolved.Entry is not (null or { Type: TreeEntryType.Directory }))
        {
            throw DoesNotFit(package, entry.Path, resolved.Fault ?? $"it is a directory, and '/{OneLine.Of(resolved.Path)}' is none");
        }

        if (resolved.Path.Length == 0)
        {
            return;
        }

        if (resolved.Entry is null || _implied.Remove(resolved.Path))
        {
            Put(resolved.Path, new TreeEntry(TreeEntryType.Directory, entry.Mode, entry.Uid, entry.Gid));
        }
        else if (!_placed.ContainsKey(resolved.Path))
        {
            // The base has it.
            return;
        }

        _placed.TryAdd(resolved.Path, new PlacedFile(new LayerFile(resolved.Path, Mode: entry.Mode, Uid: entry.Uid, Gid: entry.Gid), package, package.IsForAll));
    }

    private void AddFile(ExtractedPackage package, PackageEntry entry)
    {
        var path = Resolve(entry.Path, package);
        if (Tree.Find(path)?.Type is TreeEntryType.Directory)
        {
            throw DoesNotFit(package, entry.Path, "it is a file, and a directory is there");
        }

        // The names of one file have its content; which of them is the file is decided when all are placed.
        var inode = entry.Type is LayerEntryType.HardLink ? entry.LinkTarget! : entry.Path; // a hard link has a target
        var content = entry.Type is LayerEntryType.HardLink ? FileOf(package, inode) : entry;
        if (Claim(path, package))
        {
            Put(path, new TreeEntry(TreeEntryType.File, content.Mode, content.Uid, content.Gid) { Size = content.Size });
            _placed[path] = new PlacedFile(
                new LayerFile(path, package.SourceOf(content), Mode: content.Mode, Uid: content.Uid, Gid: content.Gid), package, package.IsForAll, inode);
        }
    }

    private PackageEntry FileOf(ExtractedPackage package, string path)
    {
        if (!_files.TryGetValue(package, out var files))
        {
            _files[package] = files = package.Entries.Where(entry => entry.Type is LayerEntryType.File).ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        }

        return files[path];
    }

    /// <summary>Whether the package gets the path.</summary>
    private bool Claim(string path, ExtractedPackage package)
    {
        if (!_placed.TryGetValue(path, out var other) || other.Package is null)
        {
            return true;
        }

        // On a merged /usr a package's /bin/x and its link /usr/bin/x are one path, and the file is what is meant.
        return ReferenceEquals(other.Package, package) ? other.File.Type is LayerEntryType.Symlink : ReferenceEquals(Collision.Decide(path, other.Package, package), package);
    }

    private string Resolve(string path, ExtractedPackage? package)
    {
        var resolved = Tree.Resolve(path);
        return resolved.Fault is null ? resolved.Path : throw DoesNotFit(package, path, resolved.Fault);
    }

    private void Put(string path, TreeEntry entry)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            var parent = path[..slash];
            if (Tree.Find(parent) is null)
            {
                Tree.Put(parent, TreeEntry.ImpliedDirectory with { Mode = StandardDirectories.ModeOf(parent) });
                _implied.Add(parent);
            }
        }

        Tree.Put(path, entry);
    }
}

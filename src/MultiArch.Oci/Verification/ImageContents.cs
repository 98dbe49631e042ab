using MultiArch.Oci.Contents;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification;

/// <summary>What an image offers to the programs in it: loaders, a C library and its version, libraries, ICU, .NET's shared frameworks.</summary>
/// <remarks>Reads nothing but the tree, once. Of files whose headers nobody read, as of a base's, the place and the name count.</remarks>
public sealed class ImageContents
{
    private readonly MergedTree _tree;
    private readonly BinaryPlatform _platform;
    private readonly Dictionary<string, BinaryFile> _binaries = new(StringComparer.Ordinal);
    private readonly ILookup<string, ElfFile> _libraries;
    private readonly SearchFolders _folders;

    /// <param name="tree">The base merged with the layers above it, read with <see cref="VerifiedContents.Selection"/>.</param>
    /// <param name="binaries">Those whose headers were read.</param>
    /// <param name="environment">The container's variables.</param>
    public ImageContents(MergedTree tree, BinaryPlatform platform, IReadOnlyList<BinaryInImage> binaries, IReadOnlyDictionary<string, string> environment)
    {
        (_tree, _platform) = (tree, platform);
        foreach (var file in binaries)
        {
            _binaries[tree.Resolve(file.Path, followsLast: true).Path] = file.Binary;
        }

        _libraries = binaries
            .Where(file => file.Binary is ElfFile { Type: ElfFile.SharedObject })
            .SelectMany(file => NamesOf(file).Select(name => (Name: name, Library: (ElfFile)file.Binary)))
            .ToLookup(found => found.Name, found => found.Library, StringComparer.Ordinal);
        _folders = SearchFolders.Of(tree, platform, environment.GetValueOrDefault("LD_LIBRARY_PATH") ?? "");
        Loaders = [.. new[] { platform.GlibcLoader, platform.MuslLoader }.Where(Exists)];
        CLibrary = FindIn(_folders.Glibc, "libc.so.6") is not null ? CLibrary.Glibc
            : Loaders.Contains(platform.MuslLoader) ? CLibrary.Musl
            : Loaders.Contains(platform.GlibcLoader) ? CLibrary.Glibc
            : CLibrary.Unknown;
        CLibraryVersion = CLibrary is CLibrary.Glibc ? ReadGlibcVersion() : CLibrary is CLibrary.Musl ? ReadMuslVersion() : null;
        Frameworks = new InstalledFrameworks(tree, environment);
    }

    /// <summary>Those of the platform that exist, such as <c>/lib64/ld-linux-x86-64.so.2</c>.</summary>
    public IReadOnlyList<string> Loaders { get; }

    /// <summary>Of the system. Where both are, it is glibc's, and musl is there for single programs.</summary>
    public CLibrary CLibrary { get; }

    /// <summary>Null when it cannot be told.</summary>
    public Version? CLibraryVersion { get; }

    public InstalledFrameworks Frameworks { get; }

    /// <summary>Whether a program that opens an absolute path finds something.</summary>
    public bool Exists(string path) => _tree.Follow(path) is not null;

    /// <summary>Whether a library is found that a file needs: where the loader looks, or anywhere among the files whose headers were read.</summary>
    /// <param name="file">What needs it.</param>
    /// <param name="library">For which C library the file is.</param>
    public bool HasLibrary(string name, BinaryInImage file, CLibrary library)
    {
        if (name.Contains('/'))
        {
            return !name.StartsWith('/') || Exists(name); // relative to a folder that only the running process knows
        }

        return IsMuslItself(name, library)
            || _libraries[name].Any(found => Fits(found, library))
            || HasIn(OwnFolders(file), name, library)
            || HasIn(library is CLibrary.Musl ? _folders.Musl : _folders.Glibc, name, library);
    }

    /// <summary>Whether .NET finds ICU, the app's own included.</summary>
    /// <param name="appFolder">Absolute.</param>
    public bool HasIcu(string appFolder, CLibrary library) =>
        (library is CLibrary.Musl ? _folders.Musl : _folders.Glibc).Append(appFolder)
            .Any(folder => _tree.List(folder).Where(name => name.StartsWith("libicuuc.so", StringComparison.Ordinal)).Any(name => HasIn([folder], name, library)));

    private static IEnumerable<string> NamesOf(BinaryInImage file)
    {
        var name = file.Path[(file.Path.LastIndexOf('/') + 1)..];
        return ((ElfFile)file.Binary).SharedObjectName is { } own && own != name ? [name, own] : [name];
    }

    /// <summary>musl is one file under many names, and looks for none of them.</summary>
    private bool IsMuslItself(string name, CLibrary library) =>
        library is CLibrary.Musl
        && Loaders.Contains(_platform.MuslLoader)
        && (name.StartsWith("libc.", StringComparison.Ordinal)
            || name.StartsWith("ld-musl-", StringComparison.Ordinal)
            || name.Split(".so")[0] is "libpthread" or "librt" or "libm" or "libdl" or "libutil" or "libxnet");

    private bool Fits(ElfFile found, CLibrary library) =>
        found.Machine == _platform.ElfMachine
        && found.Is64Bit == _platform.Is64Bit
        && (found.CLibrary is CLibrary.Unknown || library is CLibrary.Unknown || found.CLibrary == library);

    private static IEnumerable<string> OwnFolders(BinaryInImage file)
    {
        var elf = (ElfFile)file.Binary;
        var origin = file.Path[..Math.Max(0, file.Path.LastIndexOf('/'))];
        return (elf.RunPath.Count > 0 ? elf.RunPath : elf.RPath)
            .SelectMany(paths => paths.Split(':'))
            .Select(folder => folder.Replace("${ORIGIN}", origin, StringComparison.Ordinal).Replace("$ORIGIN", origin, StringComparison.Ordinal));
    }

    private bool HasIn(IEnumerable<string> folders, string name, CLibrary library) =>
        folders.Any(folder => FindIn([folder], name) is { } path && IsFor(path, folder, library));

    /// <summary>A library of glibc's never satisfies what is linked for musl. A file whose headers nobody read is of the system's C library.</summary>
    private bool IsFor(string path, string folder, CLibrary library) => _binaries.TryGetValue(path, out var binary)
        ? binary is ElfFile elf && Fits(elf, library)
        : library is not CLibrary.Musl || CLibrary is not CLibrary.Glibc || SearchFolders.IsOfMusl(folder);

    /// <returns>The path without links.</returns>
    private string? FindIn(IEnumerable<string> folders, string name) => folders
        .Select(folder => _tree.Resolve($"{folder}/{name}", followsLast: true))
        .FirstOrDefault(found => found.Entry?.Type is TreeEntryType.File)?.Path;

    private Version? ReadGlibcVersion() =>
        FindIn(_folders.Glibc, "libc.so.6") is { } path && (_binaries.GetValueOrDefault(path) ?? Read(path)) is ElfFile library ? GlibcVersion.Of(library) : null;

    private Version? ReadMuslVersion() => _tree.ReadFile(_platform.MuslLoader) is { } bytes ? MuslVersion.Of(bytes) : null;

    private BinaryFile? Read(string path)
    {
        if (_tree.ReadFile(path) is not { } bytes)
        {
            return null;
        }

        using var stream = new MemoryStream(bytes, writable: false);
        return BinaryFile.TryRead(stream);
    }
}

using MultiArch.Oci;
using MultiArch.Oci.Layers;

namespace MultiArch.Debian.DebFiles;

/// <summary>One path of a package, as its archive has it.</summary>
/// <param name="Path">Relative, parts separated by <c>/</c>; no two entries have the same.</param>
/// <param name="Mode">Permission bits, special ones included.</param>
public sealed record PackageEntry(string Path, LayerEntryType Type, int Mode, int Uid, int Gid)
{
    /// <summary>The text of a symlink, or the path of a hard link's file, which stands before it; null for everything else.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>Bytes of a file; 0 for everything else.</summary>
    public long Size { get; init; }

    /// <summary>Of a file's bytes, which lie in the package's folder under this name; null for everything else.</summary>
    public Digest? Sha256 { get; init; }
}

using MultiArch.Debian.Sources;
using MultiArch.Oci.Contents;

namespace MultiArch.Debian.Bases;

/// <summary>The files of an image, for who reads a root file system.</summary>
internal sealed class TreeFiles(MergedTree tree) : IRootFiles
{
    public byte[]? ReadFile(string path) => tree.ReadFile(path.TrimStart('/'));

    public IEnumerable<string> List(string folder) => tree.List(folder.TrimStart('/'));
}

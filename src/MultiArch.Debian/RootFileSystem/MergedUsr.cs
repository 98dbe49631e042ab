using MultiArch.Oci.Contents;
using MultiArch.Oci.Layers;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>The links of a system whose /usr is merged, as every release since bookworm is; some have them in a package, others make them when they are installed.</summary>
/// <remarks>https://wiki.debian.org/UsrMerge. Where a base is, its own links count.</remarks>
internal static class MergedUsr
{
    private static readonly string[] Names = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];

    /// <summary>Lets every path below these names go through the links.</summary>
    public static void Prepare(MergedTree tree)
    {
        foreach (var name in Names)
        {
            tree.Put(name, new TreeEntry(TreeEntryType.Symlink, 0b111_111_111, 0, 0) { LinkTarget = $"usr/{name}" });
        }
    }

    /// <summary>Makes the links that lead somewhere, if no package has them: amd64's programs name their loader in /lib64, arm64 has no such folder.</summary>
    public static void Make(Placement placement)
    {
        foreach (var name in Names)
        {
            if (placement.Placed.ContainsKey(name))
            {
                continue;
            }

            if (placement.Tree.Follow(name) is not null)
            {
                placement.Make(LayerFile.Symlink(name, $"usr/{name}"), package: null, isCommon: false);
            }
            else
            {
                placement.Tree.Remove(name, layer: 1, keepsDirectory: false);
            }
        }
    }
}

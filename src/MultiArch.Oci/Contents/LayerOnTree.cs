using MultiArch.Oci.Layers;

namespace MultiArch.Oci.Contents;

/// <summary>Lays one layer on the tree of those below it.</summary>
/// <remarks>
/// https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#whiteouts: a whiteout counts for lower layers alone, wherever it stands
/// among the entries of its own. A path below a link of a lower layer goes through the link, as containerd unpacks it.
/// </remarks>
/// <param name="number">Of the layer; each layer's is greater than those of the layers below it.</param>
internal sealed class LayerOnTree(MergedTree tree, int number) : ILayerEntries
{
    private const string WhiteoutPrefix = ".wh.";
    private const string OpaqueMarker = ".wh..wh..opq";
    private const string AufsPrefix = ".wh..wh.";

    public void Add(string path, TreeEntry entry)
    {
        var parts = Parts(path);
        var name = parts.Length == 0 ? "" : parts[^1];
        if (!name.StartsWith(WhiteoutPrefix, StringComparison.Ordinal))
        {
            tree.Put(string.Join('/', parts), entry, number);
            return;
        }

        var folder = string.Join('/', parts[..^1]);
        if (name == OpaqueMarker)
        {
            tree.Remove(tree.Resolve(folder, followsLast: true).Path, number, keepsDirectory: true);
        }
        else if (!name.StartsWith(AufsPrefix, StringComparison.Ordinal))
        {
            tree.Remove($"{folder}/{name[WhiteoutPrefix.Length..]}", number, keepsDirectory: false);
        }
    }

    public string RealPath(string path) => tree.Resolve(path).Path;

    public void AddHardLink(string path, string target)
    {
        var entry = tree.Find(string.Join('/', Parts(target)));
        Add(path, entry ?? throw new FormatException($"'{OneLine.Of(path)}' is a hard link to '{OneLine.Of(target)}', which does not exist"));
    }

    /// <summary>Adds what a layer of ours holds.</summary>
    public void Add(LayerRecipe recipe)
    {
        foreach (var entry in recipe.Entries)
        {
            Add(entry);
        }
    }

    private void Add(LayerEntry entry)
    {
        if (entry is { Type: LayerEntryType.HardLink, LinkTarget: { } target })
        {
            AddHardLink(entry.Path, target);
            return;
        }

        var type = entry.Type switch
        {
            LayerEntryType.Directory => TreeEntryType.Directory,
            LayerEntryType.Symlink => TreeEntryType.Symlink,
            _ => TreeEntryType.File,
        };
        Add(entry.Path, new TreeEntry(type, entry.Mode, entry.Uid, entry.Gid) { LinkTarget = entry.LinkTarget, Size = entry.Size });
    }

    private static string[] Parts(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToArray();
        return parts.Contains("..") ? throw new FormatException($"the path '{OneLine.Of(path)}' has the part '..'") : parts;
    }
}

namespace MultiArch.Oci.Layers;

/// <summary>Files with several names: a tar holds the file once, and after it the other names.</summary>
internal static class HardLinks
{
    /// <summary>
    /// Gives the file to the first of its names in ordinal order, so that it stands before its links, and the same names make the same layer
    /// whichever of them the plan calls the file.
    /// </summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidPath"/>: a link to what is no file of the plan.</exception>
    public static IEnumerable<LayerFile> Settle(IReadOnlyDictionary<string, LayerFile> files)
    {
        var links = files.Values.Where(file => file.Type is LayerEntryType.HardLink).ToLookup(link => Resolve(files, link).Path, StringComparer.Ordinal);
        if (links.Count == 0)
        {
            return files.Values;
        }

        return files.Values.Where(file => file.Type is not LayerEntryType.HardLink).SelectMany(file =>
        {
            var names = links[file.Path].Select(link => link.Path).Append(file.Path).Order(StringComparer.Ordinal).ToList();
            return names.Skip(1).Select(name => LayerFile.HardLink(name, names[0])).Prepend(file with { Path = names[0] });
        });
    }

    /// <summary>Mode and owner are the file's: whoever unpacks sets those of each entry, and the last would count.</summary>
    /// <param name="entries">In ordinal order.</param>
    public static void TakeOver(LayerEntry[] entries)
    {
        var files = entries.Where(entry => entry.Type is LayerEntryType.File).ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i] is { Type: LayerEntryType.HardLink, LinkTarget: { } target })
            {
                entries[i] = entries[i] with { Mode = files[target].Mode, Uid = files[target].Uid, Gid = files[target].Gid };
            }
        }
    }

    private static LayerFile Resolve(IReadOnlyDictionary<string, LayerFile> files, LayerFile link)
    {
        var at = link;
        for (var steps = 0; at.HardLinkTarget is { } target; steps++)
        {
            at = steps <= files.Count && files.TryGetValue(target, out var next) ? next : throw Refuse(link);
        }

        return at.Type is LayerEntryType.File ? at : throw Refuse(link);
    }

    private static MultiArchException Refuse(LayerFile link) => new(
        DiagnosticCodes.InvalidPath,
        $"'{link.Path}' is a hard link to '{link.HardLinkTarget}', which is no file of the same layer. Put both into one layer, or leave the link out.");
}

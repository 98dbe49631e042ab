namespace MultiArch.Oci.Contents;

/// <summary>The entries of a layer that several images have: read once, laid on each of their trees.</summary>
internal sealed class RecordedLayer : ILayerEntries
{
    private readonly List<(string Path, TreeEntry? Entry, string? Target)> _entries = [];

    public void Add(string path, TreeEntry entry) => _entries.Add((path, entry, null));

    public void AddHardLink(string path, string target) => _entries.Add((path, null, target));

    /// <summary>Links are those of the images below, which are not known here.</summary>
    public string RealPath(string path) => string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."));

    /// <exception cref="FormatException">An entry fits nowhere.</exception>
    public void AddTo(ILayerEntries layer)
    {
        foreach (var (path, entry, target) in _entries)
        {
            if (entry is not null)
            {
                layer.Add(path, entry);
            }
            else
            {
                layer.AddHardLink(path, target!); // one of both
            }
        }
    }
}

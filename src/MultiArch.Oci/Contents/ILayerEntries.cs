namespace MultiArch.Oci.Contents;

/// <summary>Takes the entries of one layer in the order of its tar.</summary>
internal interface ILayerEntries
{
    /// <exception cref="FormatException">The path is none that an image can have.</exception>
    void Add(string path, TreeEntry entry);

    /// <summary>Adds a further name of what lies at another path.</summary>
    /// <exception cref="FormatException">Nothing lies there.</exception>
    void AddHardLink(string path, string target);

    /// <summary>Where an entry of this path will lie.</summary>
    string RealPath(string path);
}

namespace MultiArch.Oci.Contents;

/// <summary>Which files of an image are kept with their bytes when its tree is read.</summary>
/// <param name="Identity">Names the rule and its version: a tree that was read by another rule is not taken from a cache.</param>
/// <param name="Includes">By the path, relative and without links among its parents.</param>
public sealed record ContentSelection(string Identity, Func<string, bool> Includes)
{
    /// <summary>Bytes; a larger file is in the tree without its bytes.</summary>
    public int MaxFileSize { get; init; } = 16 << 20;

    /// <summary>Bytes of all files together; more end the reading.</summary>
    public int MaxTotalSize { get; init; } = 128 << 20;

    /// <summary>Whether headers of programs, libraries and assemblies are read. A tree that comes from a cache file has none.</summary>
    public bool ReadsHeaders { get; init; }

    public static ContentSelection Nothing { get; } = new("nothing", _ => false);
}

namespace MultiArch.Oci.Layers;

/// <summary>One path of a layer, decided and read: what the tar will say of it.</summary>
/// <param name="Path">As in <see cref="LayerFile.Path"/>.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Size">Bytes; 0 for all but files.</param>
/// <param name="LinkTarget">The text of a symlink; the path of a hard link's file, which stands before it in the recipe; null for everything else.</param>
/// <param name="Content">The SHA-256 of a file's bytes; null for everything else.</param>
/// <param name="Source">Absolute path of a file's bytes; no part of the layer's identity.</param>
public sealed record LayerEntry(
    string Path,
    LayerEntryType Type,
    int Mode,
    int Uid,
    int Gid,
    string? LinkTarget,
    long Size,
    Digest? Content,
    string? Source);

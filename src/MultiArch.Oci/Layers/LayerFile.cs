using System.Text.Json.Serialization;

namespace MultiArch.Oci.Layers;

/// <summary>What shall lie at one path of a layer; nothing has been read yet.</summary>
/// <param name="Path">The place in the image: relative, parts separated by <c>/</c>, without a slash at either end.</param>
/// <param name="Source">Absolute path of the file to pack; for a symlink, where the link was found, if anywhere; null for a directory.</param>
/// <param name="LinkTarget">The text of a symlink; null for everything else.</param>
/// <param name="Mode">Permission bits, 0 to 07777, taken as they are; null decides by content and never gives a special bit. A hard link has its file's, and its owner.</param>
/// <param name="HardLinkTarget">For a further name of a file: the <see cref="Path"/> of that file, in the same layer; null for everything else.</param>
public sealed record LayerFile(
    string Path,
    string? Source = null,
    string? LinkTarget = null,
    int? Mode = null,
    int Uid = 0,
    int Gid = 0,
    string? HardLinkTarget = null)
{
    /// <summary>A target makes a link, a source alone a file, none of them a directory.</summary>
    [JsonIgnore]
    public LayerEntryType Type =>
        HardLinkTarget is not null ? LayerEntryType.HardLink
        : LinkTarget is not null ? LayerEntryType.Symlink
        : Source is not null ? LayerEntryType.File
        : LayerEntryType.Directory;

    /// <summary>A directory that is wanted even if nothing lies in it; the parents of other files need no entry.</summary>
    public static LayerFile Directory(string path) => new(path);

    /// <param name="target">As the container shall read it: relative to the link's directory, or absolute in the image.</param>
    public static LayerFile Symlink(string path, string target) => new(path, LinkTarget: target);

    /// <param name="target">The path of a file of the same layer, as in <see cref="Path"/>; the link may come before or after it.</param>
    public static LayerFile HardLink(string path, string target) => new(path, HardLinkTarget: target);

    /// <summary>Where this comes from, for error messages.</summary>
    internal string Origin => Source ?? ((LinkTarget ?? HardLinkTarget) is { } target ? $"a link to '{target}'" : "a folder");
}

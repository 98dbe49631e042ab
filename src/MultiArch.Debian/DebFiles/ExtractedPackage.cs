using MultiArch.Debian.Control;

namespace MultiArch.Debian.DebFiles;

/// <summary>A package whose files lie on this machine, each under its hash, and have been checked.</summary>
/// <param name="Control">The fields of its control file.</param>
/// <param name="ControlText">The control file: one paragraph, with a line feed at its end and none before that.</param>
/// <param name="Md5Sums">The file <c>md5sums</c> as it is; null when it has none.</param>
/// <param name="Scripts">Maintainer scripts by name, such as <c>postinst</c>. They are never run.</param>
/// <param name="Entries">In the archive's order, so every hard link after its file.</param>
/// <param name="ContentFolder">Absolute; holds each file's bytes under the hex of its SHA-256.</param>
public sealed record ExtractedPackage(
    PackageIdentity Identity,
    ControlParagraph Control,
    string ControlText,
    string? Md5Sums,
    IReadOnlyDictionary<string, string> Scripts,
    IReadOnlyList<PackageEntry> Entries,
    string ContentFolder)
{
    public string Name => Identity.Name;

    /// <summary>Whether the same file serves every architecture.</summary>
    public bool IsForAll => Identity.Architecture == "all";

    /// <summary>Absolute path of a file's bytes.</summary>
    public string SourceOf(PackageEntry file) =>
        Path.Combine(ContentFolder, (file.Sha256 ?? throw new ArgumentException($"'{file.Path}' is no file.", nameof(file))).Hex);

    public override string ToString() => Identity.ToString();
}

using MultiArch.Oci.Layers;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>How packages become layers.</summary>
/// <param name="GeneratedFolder">Absolute; made if it is missing. Files that no package has lie there under their hash, so that it can be shared and kept.</param>
public sealed record SystemLayerOptions(string GeneratedFolder)
{
    /// <summary>The title of the layer of packages for every architecture.</summary>
    public const string CommonTitle = "system-common";

    /// <summary>The title of the layer of packages for one architecture.</summary>
    public const string ArchitectureTitle = "system";

    public FileFilter Filter { get; init; } = FileFilter.Default;

    /// <summary>Authorities to trust beside those of packages and of the base.</summary>
    public IReadOnlyList<AuthorityFile> Authorities { get; init; } = [];

    /// <summary>What other layers of the image hold. A file that would be made here, such as <c>etc/passwd</c>, is theirs then; a file of a package must not be.</summary>
    public IReadOnlyList<LayerFile> OtherFiles { get; init; } = [];
}

using MultiArch.Debian.DebFiles;
using MultiArch.Oci.Layers;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>What a package, or we, put at a path of the image.</summary>
/// <param name="File">With the path as it really is: no link among its parents.</param>
/// <param name="Package">Null for what we make.</param>
/// <param name="IsCommon">Whether it lies in the layer for every architecture.</param>
/// <param name="Inode">Equal for the names of one file within a package: the path that the package gives to the file itself. Null for what is no file of a package.</param>
internal sealed record PlacedFile(LayerFile File, ExtractedPackage? Package, bool IsCommon, string? Inode = null);

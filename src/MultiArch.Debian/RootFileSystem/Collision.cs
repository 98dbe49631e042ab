using MultiArch.Debian.Control;
using MultiArch.Debian.DebFiles;
using MultiArch.Oci;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>Two packages that have one path.</summary>
/// <remarks>https://www.debian.org/doc/debian-policy/ch-relationships.html#overwriting-files-in-other-packages.</remarks>
internal static class Collision
{
    /// <returns>The one whose file stays.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.FileOfTwoPackages"/>: neither replaces the other.</exception>
    public static ExtractedPackage Decide(string path, ExtractedPackage first, ExtractedPackage second) =>
        Replaces(second, first) ? second
        : Replaces(first, second) ? first
        : throw new MultiArchException(
            DiagnosticCodes.FileOfTwoPackages,
            $"The packages {string.Join(" and ", new[] { $"{first}", $"{second}" }.Order(StringComparer.Ordinal))} both have the file '/{path}'. Leave one of them out, or the file, with MultiArchOSPackageExclude.");

    private static bool Replaces(ExtractedPackage package, ExtractedPackage other)
    {
        try
        {
            return package.Control["Replaces"] is { } relations
                && ControlList.Parse(relations, Relation.Parse).Any(relation => relation.Name == other.Name && relation.Accepts(DebianVersion.Parse(other.Identity.Version)));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

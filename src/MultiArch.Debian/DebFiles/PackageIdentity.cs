using MultiArch.Oci;

namespace MultiArch.Debian.DebFiles;

/// <summary>Which package a file is to be.</summary>
/// <param name="Version">As in the archive's index, letter by letter.</param>
/// <param name="Architecture">Debian's name, or <c>all</c>.</param>
/// <param name="Sha256">Of the .deb.</param>
public sealed record PackageIdentity(string Name, string Version, string Architecture, Digest Sha256)
{
    public override string ToString() => $"{Name} {Version} ({Architecture})";
}

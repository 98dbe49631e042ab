using MultiArch.Debian.Resolver;
using MultiArch.Debian.Sources;

namespace MultiArch.Debian.Archive;

/// <summary>What a source has for one architecture, with what its archive signed.</summary>
/// <param name="Packages">Of all components of the source.</param>
public sealed record SourceIndex(PackageSource Source, ReleaseFile Release, PackageIndex Packages);

using MultiArch.Debian.Control;

namespace MultiArch.Debian.Resolver;

/// <summary>What has to be laid down so that everything that was asked for is there.</summary>
/// <param name="Packages">In ordinal order of their names.</param>
/// <param name="LeftOut">Names of packages that would have come along and were excluded, in ordinal order.</param>
public sealed record Resolution(IReadOnlyList<ResolvedPackage> Packages, IReadOnlyList<string> LeftOut);

/// <param name="Index">Number of the index that has it, from 0.</param>
/// <param name="NeededBy">The package that depends on it; null when it was asked for.</param>
public sealed record ResolvedPackage(BinaryPackage Package, int Index, string? NeededBy);

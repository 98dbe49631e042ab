using MultiArch.Debian.Lock;

namespace MultiArch.Debian;

/// <summary>Which packages a platform is made of.</summary>
/// <param name="LeftOut">Names of packages that would have come along and are excluded; null when the lock was followed, which does not keep them.</param>
public sealed record ResolvedPlatform(LockedPlatform Locked, IReadOnlyList<string>? LeftOut);

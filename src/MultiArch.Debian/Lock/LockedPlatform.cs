using MultiArch.Oci;

namespace MultiArch.Debian.Lock;

/// <summary>What one platform's image is made of, beside the app.</summary>
/// <param name="Requests">As in <see cref="PackagePlan"/>: another list is another lock.</param>
/// <param name="Excludes">As in <see cref="PackagePlan"/>.</param>
/// <param name="SourcesOf">Who named the sources.</param>
/// <param name="Packages">In ordinal order of their names: all that is laid down, what was requested and what that needs.</param>
public sealed record LockedPlatform(
    LockedBase Base,
    IReadOnlyList<string> Requests,
    IReadOnlyList<string> Excludes,
    SourceOwner SourcesOf,
    IReadOnlyList<LockedSource> Sources,
    IReadOnlyList<LockedPackage> Packages);

/// <param name="Reference">As the project writes it.</param>
/// <param name="Digest">Of the platform's manifest; null for <c>scratch</c>.</param>
public sealed record LockedBase(string Reference, Digest? Digest);

/// <summary>Whose word the sources are.</summary>
public enum SourceOwner
{
    /// <summary>No packages, no sources.</summary>
    None,

    /// <summary>Items of the project.</summary>
    Project,

    /// <summary>The base image's own apt configuration.</summary>
    Base,

    /// <summary>That of the machine which wrote the lock.</summary>
    Host,
}

/// <param name="Uri">The root that paths are relative to.</param>
public sealed record LockedSource(string Uri, string Suite, IReadOnlyList<string> Components);

/// <param name="Size">Bytes of the file.</param>
/// <param name="Sha256">Of the file.</param>
/// <param name="Path">Relative to the source's URI.</param>
/// <param name="Source">Number of the source, from 0.</param>
public sealed record LockedPackage(string Name, string Version, string Architecture, long Size, Digest Sha256, string Path, int Source)
{
    public override string ToString() => $"{Name} {Version}";
}

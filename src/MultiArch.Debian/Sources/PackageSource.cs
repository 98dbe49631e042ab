using MultiArch.Oci;

namespace MultiArch.Debian.Sources;

/// <summary>One place of an archive that packages come from: a URI, a suite of it and its components.</summary>
/// <remarks>https://manpages.debian.org/bookworm/apt/sources.list.5.en.html.</remarks>
/// <param name="Uri">Absolute: http, https or file.</param>
/// <param name="Suite">Such as <c>bookworm-updates</c>; ends with <c>/</c> for a flat archive, which has no components.</param>
/// <param name="Origin">Where this was said, for messages: an item, or a file of a base or of the host.</param>
public sealed record PackageSource(Uri Uri, string Suite, IReadOnlyList<string> Components, string Origin)
{
    /// <summary>Debian's names of those that it is asked for; empty for all.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>Debian's names of those that it is not asked for.</summary>
    public IReadOnlyList<string> ExcludedArchitectures { get; init; } = [];

    /// <summary>Whose signature counts; null for every keyring that the place which named the source trusts.</summary>
    public SignedBy? SignedBy { get; init; }

    /// <summary>Those of the system that named the source; null to ask without one.</summary>
    public AptLogins? Logins { get; init; }

    /// <summary>Whether an index that has expired by its own word is refused.</summary>
    public bool CheckValidUntil { get; init; } = true;

    /// <summary>Whether packages and index lie side by side, in no pool and without components.</summary>
    public bool IsFlat => Suite.EndsWith('/');

    /// <summary>Ends with <c>/</c>: what an index says of its packages is relative to it.</summary>
    public Uri Root => Uri.AbsoluteUri.EndsWith('/') ? Uri : new Uri(Uri.AbsoluteUri + "/");

    /// <summary>Whether the source is to be asked for packages of an architecture.</summary>
    public bool IsFor(string architecture) =>
        (Architectures.Count == 0 || Architectures.Contains(architecture, StringComparer.Ordinal)) && !ExcludedArchitectures.Contains(architecture, StringComparer.Ordinal);

    /// <summary>As a line of <c>sources.list</c>, without a password.</summary>
    public override string ToString() => string.Join(' ', ["deb", OneLine.Of(Uri.OriginalString), OneLine.Of(Suite), .. Components.Select(component => OneLine.Of(component))]);
}

/// <summary>The option <c>Signed-By</c> of a source.</summary>
/// <param name="Files">Absolute paths of keyrings, on the system that named the source.</param>
/// <param name="Fingerprints">Upper case, without blanks; one that ends with <c>!</c> means that key and none of its subkeys.</param>
/// <param name="Block">An armored key; null for none.</param>
public sealed record SignedBy(IReadOnlyList<string> Files, IReadOnlyList<string> Fingerprints, string? Block);

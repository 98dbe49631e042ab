namespace MultiArch.Debian.Control;

/// <summary>What an archive's index, or a system's record of what is installed, says of one package: a stanza, read.</summary>
/// <remarks>https://www.debian.org/doc/debian-policy/ch-controlfields.html and https://wiki.debian.org/DebianRepository/Format#A.22Packages.22_Indices.</remarks>
/// <param name="Architecture">Debian's name, such as <c>arm64</c>; <c>all</c> for what is the same on every one.</param>
public sealed record BinaryPackage(string Name, DebianVersion Version, string Architecture)
{
    /// <summary>Groups of alternatives, of which one each has to be there.</summary>
    public IReadOnlyList<Dependency> PreDepends { get; init; } = [];

    public IReadOnlyList<Dependency> Depends { get; init; } = [];

    /// <summary>Names, each with the version that it is provided in, if any.</summary>
    public IReadOnlyList<Provision> Provides { get; init; } = [];

    public IReadOnlyList<Relation> Conflicts { get; init; } = [];

    public IReadOnlyList<Relation> Breaks { get; init; } = [];

    public IReadOnlyList<Relation> Replaces { get; init; } = [];

    /// <summary>Such as <c>required</c> or <c>optional</c>.</summary>
    public string Priority { get; init; } = "";

    public bool IsEssential { get; init; }

    /// <summary><c>same</c>, <c>foreign</c>, <c>allowed</c> or empty.</summary>
    public string MultiArch { get; init; } = "";

    /// <summary>Relative to the archive's root; empty for what is installed.</summary>
    public string Filename { get; init; } = "";

    /// <summary>Bytes of the file; 0 for what is installed.</summary>
    public long Size { get; init; }

    /// <summary>Of the file; null for what is installed.</summary>
    public Oci.Digest? Sha256 { get; init; }

    /// <summary>Kibibytes of what it unpacks to, as the archive says.</summary>
    public long? InstalledSize { get; init; }

    /// <summary>Reads a stanza of an archive's index.</summary>
    /// <exception cref="FormatException">Name, version or architecture is missing, or a field is not what it should be; the message names the package.</exception>
    public static BinaryPackage From(ControlParagraph paragraph) => new PackageStanza(paragraph).ReadAvailable();

    /// <summary>Reads a stanza of what is installed: what it needs is there, so that is not looked at.</summary>
    /// <exception cref="FormatException">As in <see cref="From"/>; a missing architecture is taken for <c>all</c>.</exception>
    public static BinaryPackage FromInstalled(ControlParagraph paragraph) => new PackageStanza(paragraph).ReadInstalled();

    /// <summary>Whether this is what a relation means: by name, or by a name that it provides.</summary>
    public bool Satisfies(Relation relation, string architecture) =>
        relation.IsFor(architecture)
        && ((relation.Name == Name && relation.Accepts(Version))
            || Provides.Any(provision => provision.Name == relation.Name && relation.Accepts(provision.Version)));

    public override string ToString() => $"{Name} {Version}";
}

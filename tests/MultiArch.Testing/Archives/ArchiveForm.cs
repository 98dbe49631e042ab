using Org.BouncyCastle.Bcpg;

namespace MultiArch.Testing.Archives;

/// <summary>In which ways an archive is like Debian's or Ubuntu's.</summary>
public sealed record ArchiveForm
{
    public static ArchiveForm Debian { get; } = new();

    /// <summary>zstd in the packages, SHA-512 in the signatures, and a suite that is called as the codename.</summary>
    public static ArchiveForm Ubuntu { get; } = new()
    {
        Origin = "Ubuntu",
        Suite = "noble",
        Codename = "noble",
        Hash = HashAlgorithmTag.Sha512,
        PackageCompression = "zstd",
        HasOldSums = true,
    };

    /// <summary>Of the Release file, and so its label.</summary>
    public string Origin { get; init; } = "Debian";

    public string Suite { get; init; } = "oldstable";

    public string Codename { get; init; } = "bookworm";

    /// <summary>The folder below <c>dists</c>, as a source names it; null for the codename.</summary>
    public string? SuiteFolder { get; init; }

    public IReadOnlyList<string> Architectures { get; init; } = ["amd64", "arm64"];

    public IReadOnlyList<string> Components { get; init; } = ["main"];

    /// <summary>Before the components in the Release file, though not in their paths: <c>updates/</c> as Debian's security archive.</summary>
    public string ComponentPrefix { get; init; } = "";

    /// <summary>Of the signature.</summary>
    public HashAlgorithmTag Hash { get; init; } = HashAlgorithmTag.Sha256;

    /// <summary>Of the members of the packages, in dpkg-deb's words.</summary>
    public string PackageCompression { get; init; } = "xz";

    /// <summary>Extensions of the index files: <c>xz</c>, <c>zst</c>, <c>gz</c>, or empty for none.</summary>
    public IReadOnlyList<string> IndexCompressions { get; init; } = ["xz"];

    /// <summary>Whether packages for all architectures have an index of their own.</summary>
    public bool HasIndexOfAll { get; init; }

    public bool HasByHash { get; init; } = true;

    /// <summary>Whether sums with MD5 and SHA-1 come before those with SHA-256.</summary>
    public bool HasOldSums { get; init; }

    public DateTimeOffset Date { get; init; } = new(2026, 1, 10, 8, 0, 0, TimeSpan.Zero);

    public DateTimeOffset? ValidUntil { get; init; }

    public string Folder => SuiteFolder ?? Codename;
}

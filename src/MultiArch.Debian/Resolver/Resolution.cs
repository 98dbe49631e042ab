using MultiArch.Debian.Control;

namespace MultiArch.Debian.Resolver;

/// <summary>What has to be laid down so that everything that was asked for is there.</summary>
/// <param name="Packages">In ordinal order of their names.</param>
/// <param name="LeftOut">Names of packages that would have come along and were excluded, in ordinal order.</param>
public sealed record Resolution(IReadOnlyList<ResolvedPackage> Packages, IReadOnlyList<string> LeftOut)
{
    /// <summary>Packages that are older than what the sources have, since the newer version cannot be had.</summary>
    public IReadOnlyList<OlderPackage> Older { get; init; } = [];

    /// <summary>Why a package is there: the names from one that was asked for to this one.</summary>
    /// <exception cref="ArgumentException">The package is not there.</exception>
    public IReadOnlyList<string> Explain(string name)
    {
        var chain = new List<string>();
        for (var next = name; next is not null;)
        {
            var package = Packages.FirstOrDefault(package => package.Package.Name == next) ?? throw new ArgumentException($"'{next}' is not there.", nameof(name));
            chain.Insert(0, next);
            next = package.NeededBy;
        }

        return chain;
    }
}

/// <param name="Index">Number of the index that has it, from 0.</param>
/// <param name="NeededBy">The package that depends on it; null when it was asked for.</param>
public sealed record ResolvedPackage(BinaryPackage Package, int Index, string? NeededBy);

/// <param name="Newer">The version that was not taken.</param>
/// <param name="Why">One line.</param>
public sealed record OlderPackage(BinaryPackage Package, DebianVersion Newer, string Why);

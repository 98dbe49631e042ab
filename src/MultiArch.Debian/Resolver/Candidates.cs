using MultiArch.Debian.Control;

namespace MultiArch.Debian.Resolver;

/// <param name="Index">Number of the index that has it.</param>
internal sealed record Candidate(BinaryPackage Package, int Index);

/// <summary>What all indexes together have to offer, the best first.</summary>
internal sealed class Candidates(IReadOnlyList<PackageIndex> indexes, string architecture)
{
    // https://www.debian.org/doc/debian-policy/ch-archive.html#priorities, the most wanted first.
    private static readonly string[] Priorities = ["required", "important", "standard", "optional", "extra"];

    public IEnumerable<string> Names => indexes.SelectMany(index => index.Names);

    /// <summary>The packages of that very name which a relation means: the highest version first.</summary>
    public IEnumerable<Candidate> Find(Relation relation) => Sorted(indexes.SelectMany((index, number) => index.Find(relation.Name).Select(package => new Candidate(package, number)))
        .Where(candidate => relation.IsFor(architecture) && relation.Accepts(candidate.Package.Version)));

    /// <summary>Those that provide the name: the most wanted first.</summary>
    public IEnumerable<Candidate> FindProviders(Relation relation)
    {
        var providers = indexes.SelectMany((index, number) => index.FindProviders(relation.Name).Select(package => new Candidate(package, number)))
            .Where(candidate => candidate.Package.Name != relation.Name && candidate.Package.Satisfies(relation, architecture))
            // Of each package only what an installation would take.
            .GroupBy(candidate => candidate.Package.Name, StringComparer.Ordinal)
            .Select(versions => Sorted(versions).First())
            .Where(candidate => IsHighest(candidate.Package));
        return providers
            .OrderBy(candidate => Array.IndexOf(Priorities, candidate.Package.Priority) is >= 0 and var priority ? priority : Priorities.Length)
            .ThenBy(candidate => candidate.Package.Name, StringComparer.Ordinal);
    }

    private bool IsHighest(BinaryPackage package) => !indexes.SelectMany(index => index.Find(package.Name)).Any(other => other.Version > package.Version);

    private IEnumerable<Candidate> Sorted(IEnumerable<Candidate> candidates) => candidates
        .Where(candidate => candidate.Package.Architecture is "all" || candidate.Package.Architecture == architecture)
        .OrderByDescending(candidate => candidate.Package.Version)
        .ThenBy(candidate => candidate.Index);
}

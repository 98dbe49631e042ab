using MultiArch.Debian.Control;

namespace MultiArch.Debian.Resolver;

/// <param name="Index">Number of the index that has it.</param>
internal sealed record Candidate(BinaryPackage Package, int Index)
{
    public (string Name, DebianVersion Version) Key => (Package.Name, Package.Version);
}

/// <summary>What all indexes together have to offer for one architecture, the best first.</summary>
internal sealed class Candidates(IReadOnlyList<PackageIndex> indexes, string architecture)
{
    // https://www.debian.org/doc/debian-policy/ch-archive.html#priorities, the most wanted first.
    private static readonly string[] Priorities = ["required", "important", "standard", "optional", "extra"];

    private readonly Dictionary<string, List<Candidate>> _versions = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => indexes.SelectMany(index => index.Names);

    /// <summary>Every version of a package, the highest first.</summary>
    public IReadOnlyList<Candidate> Versions(string name)
    {
        if (!_versions.TryGetValue(name, out var versions))
        {
            versions = _versions[name] = [.. indexes
                .SelectMany((index, number) => index.Find(name).Select(package => new Candidate(package, number)))
                .Where(candidate => candidate.Package.Architecture is "all" || candidate.Package.Architecture == architecture)
                .OrderByDescending(candidate => candidate.Package.Version)
                .DistinctBy(candidate => candidate.Key)];
        }

        return versions;
    }

    /// <summary>The packages of that very name which a relation means, the highest version first.</summary>
    public IEnumerable<Candidate> Find(Relation relation) =>
        relation.IsFor(architecture) ? Versions(relation.Name).Where(candidate => relation.Accepts(candidate.Package.Version)) : [];

    /// <summary>Those that provide the name, the most wanted first. Of each only the version that an installation would take.</summary>
    public IEnumerable<Candidate> FindProviders(Relation relation) => indexes
        .SelectMany(index => index.FindProviders(relation.Name))
        .Select(package => package.Name)
        .Distinct(StringComparer.Ordinal)
        .Where(name => name != relation.Name)
        .SelectMany(name => Versions(name).Take(1))
        .Where(candidate => candidate.Package.Satisfies(relation, architecture))
        .OrderByDescending(candidate => candidate.Package.IsEssential)
        .ThenBy(candidate => Array.IndexOf(Priorities, candidate.Package.Priority) is >= 0 and var priority ? priority : Priorities.Length)
        .ThenBy(candidate => candidate.Package.Name, StringComparer.Ordinal);

    /// <summary>All that can satisfy a group, in the order in which they are tried.</summary>
    public IEnumerable<Candidate> Find(Dependency group) =>
        group.Alternatives.SelectMany(relation => Find(relation).Concat(FindProviders(relation))).DistinctBy(candidate => candidate.Key);
}

using MultiArch.Debian.Control;

namespace MultiArch.Debian.Resolver;

/// <summary>What a resolution has chosen so far, on top of what is installed.</summary>
internal sealed class Choices(PackageSet installed, string architecture)
{
    private readonly PackageSet _chosen = new(architecture);
    private readonly PackageSet _leftOut = new(architecture);
    private readonly HashSet<string> _leftOutUnseen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResolvedPackage> _packages = new(StringComparer.Ordinal);

    public IReadOnlyCollection<ResolvedPackage> Packages => _packages.Values;

    /// <summary>What counts as there, and is not laid down: names.</summary>
    public IEnumerable<string> LeftOut => _leftOut.Packages.Select(package => package.Name).Union(_leftOutUnseen, StringComparer.Ordinal);

    public void Add(Candidate candidate, string? neededBy)
    {
        _chosen.Add(candidate.Package);
        _packages.Add(candidate.Package.Name, new ResolvedPackage(candidate.Package, candidate.Index, neededBy));
    }

    public void LeaveOut(BinaryPackage package) => _leftOut.Add(package);

    /// <summary>For a package that no index has, or not in a version that would do.</summary>
    public void LeaveOut(string name) => _leftOutUnseen.Add(name);

    public bool Satisfy(Dependency group) => group.Alternatives.Any(relation =>
        _chosen.FindSatisfying(relation) is not null || installed.FindSatisfying(relation) is not null || _leftOut.FindSatisfying(relation) is not null);

    /// <summary>What a package cannot stand beside: another version of it, or what one of the two refuses; null when it fits.</summary>
    public Obstacle? FindObstacle(BinaryPackage package) =>
        Obstacle.From(_chosen.Find(package.Name), isInstalled: false)
        ?? Obstacle.From(installed.Find(package.Name), isInstalled: true)
        ?? Obstacle.From(_chosen.FindRefused(package), isInstalled: false)
        ?? Obstacle.From(installed.FindRefused(package), isInstalled: true);

    /// <summary>The names from a request to a package.</summary>
    public IReadOnlyList<string> ChainTo(string? name)
    {
        var chain = new List<string>();
        for (var next = name; next is not null; next = _packages[next].NeededBy)
        {
            chain.Insert(0, next);
        }

        return chain;
    }
}

/// <param name="IsInstalled">Whether the base has it; else it was chosen.</param>
internal sealed record Obstacle(BinaryPackage Package, bool IsInstalled)
{
    public static Obstacle? From(BinaryPackage? package, bool isInstalled) => package is null ? null : new Obstacle(package, isInstalled);
}

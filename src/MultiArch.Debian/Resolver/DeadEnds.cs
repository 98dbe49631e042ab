using MultiArch.Debian.Control;

namespace MultiArch.Debian.Resolver;

/// <summary>What a resolution has found that cannot be had, and why.</summary>
internal sealed class DeadEnds(Candidates candidates, PackageSet installed, string architecture)
{
    // Far more than any archive makes necessary: a bound for one that was made to waste time.
    private const int MaxCount = 1000;

    private readonly Dictionary<(string Name, DebianVersion Version), ResolutionFailure> _failures = [];

    /// <exception cref="Oci.MultiArchException">There are too many; it says this one.</exception>
    public void Add(BinaryPackage package, ResolutionFailure failure)
    {
        if (_failures.Count == MaxCount)
        {
            throw failure.ToException();
        }

        _failures.Add((package.Name, package.Version), failure);
    }

    public bool Contain(Candidate candidate) => _failures.ContainsKey(candidate.Key);

    public ResolutionFailure? Find(Candidate candidate) => _failures.GetValueOrDefault(candidate.Key);

    /// <summary>Why none of the targets of a group can be had beside what is chosen.</summary>
    /// <param name="by">What needs the group; null for a request.</param>
    public ResolutionFailure Explain(Dependency group, IReadOnlyList<Candidate> targets, BinaryPackage? by, Choices choices)
    {
        var chain = choices.ChainTo(by?.Name);
        return OtherTime(group, chain)
            ?? targets.Select(Find).FirstOrDefault()
            ?? targets.Select(target => (target.Package, Obstacle: choices.FindObstacle(target.Package))).FirstOrDefault() switch
            {
                (var package, { } obstacle) => ResolutionFailure.Conflict(package, obstacle, chain, choices),
                _ => ResolutionFailure.Unsatisfied(group, chain, candidates, architecture),
            };
    }

    public ResolutionFailure ExplainUnknown(Dependency request) => OtherTime(request, []) ?? ResolutionFailure.Unknown(request, candidates, architecture);

    /// <summary>Something is needed in a version that the base has not, and the base has another.</summary>
    private ResolutionFailure? OtherTime(Dependency group, IReadOnlyList<string> chain)
    {
        foreach (var relation in group.Alternatives.Where(relation => relation.IsFor(architecture)))
        {
            if (relation.Version is not null && installed.Find(relation.Name) is { } other)
            {
                return ResolutionFailure.OtherTime(relation, relation.Version, other, chain);
            }
        }

        return null;
    }
}

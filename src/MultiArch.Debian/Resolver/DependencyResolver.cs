using MultiArch.Debian.Control;
using MultiArch.Oci;

namespace MultiArch.Debian.Resolver;

/// <summary>Finds what <c>apt-get install --no-install-recommends</c> would install, and removes and upgrades nothing.</summary>
/// <remarks>
/// Breadth first from what was asked for. A group that only one package can satisfy is decided at once; one with a choice waits until
/// nothing else is left, since what comes in meanwhile may satisfy it. Then the first alternative that can be had is taken, a package of that name before those
/// that provide it. Nothing is assumed for being essential.
/// </remarks>
public sealed class DependencyResolver
{
    private readonly Candidates _candidates;
    private readonly InstalledPackages _installed;
    private readonly string _architecture;
    private readonly HashSet<string> _excluded;
    private readonly Dictionary<string, ResolvedPackage> _chosen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _leftOut = new(StringComparer.Ordinal);
    private readonly Queue<BinaryPackage> _open = new();
    private readonly List<(Dependency Group, BinaryPackage By)> _deferred = [];

    private DependencyResolver(IReadOnlyList<PackageIndex> indexes, InstalledPackages installed, string architecture, IEnumerable<string> excluded)
    {
        _candidates = new Candidates(indexes, architecture);
        _installed = installed;
        _architecture = architecture;
        _excluded = excluded.ToHashSet(StringComparer.Ordinal);
    }

    /// <param name="indexes">Of this architecture. Of several versions the highest that fits is taken.</param>
    /// <param name="requests">Each has to be satisfied; of alternatives the first that exists.</param>
    /// <param name="architecture">Debian's name, such as <c>arm64</c>.</param>
    /// <param name="excluded">Names of packages that count as there, and are not laid down.</param>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.PackageUnknown"/>, <see cref="DiagnosticCodes.PackageIsVirtual"/>, <see cref="DiagnosticCodes.DependencyUnsatisfied"/>,
    /// <see cref="DiagnosticCodes.PackagesConflict"/> or <see cref="DiagnosticCodes.BaseOlderThanArchive"/>.
    /// </exception>
    public static Resolution Resolve(
        IReadOnlyList<PackageIndex> indexes,
        InstalledPackages installed,
        IReadOnlyList<Dependency> requests,
        string architecture,
        IReadOnlyCollection<string> excluded)
    {
        var resolver = new DependencyResolver(indexes, installed, architecture, excluded);
        foreach (var request in requests)
        {
            resolver.Request(request);
        }

        resolver.Run();
        return new Resolution(
            [.. resolver._chosen.Values.OrderBy(package => package.Package.Name, StringComparer.Ordinal)],
            [.. resolver._leftOut.Order(StringComparer.Ordinal)]);
    }

    private void Request(Dependency request)
    {
        if (request.Alternatives.Any(IsThere))
        {
            return;
        }

        foreach (var relation in request.Alternatives)
        {
            var own = _candidates.Find(relation).ToList();
            var targets = own.Count > 0 ? own : [.. _candidates.FindProviders(relation)];
            // One name may have several versions; several names are a choice that is the user's.
            if (targets.Select(target => target.Package.Name).Distinct(StringComparer.Ordinal).Count() > 1)
            {
                throw ResolutionFailure.Virtual(relation, targets.Select(target => target.Package.Name), _architecture);
            }

            if (Fitting(targets) is { } target)
            {
                Choose(target, neededBy: null);
                return;
            }

            if (targets.Count > 0)
            {
                throw Failure(request, targets, by: null);
            }
        }

        throw ResolutionFailure.Unknown(request, _candidates, _architecture);
    }

    private void Run()
    {
        while (true)
        {
            while (_open.TryDequeue(out var package))
            {
                foreach (var group in package.PreDepends.Concat(package.Depends))
                {
                    Visit(group, package);
                }
            }

            if (_deferred.Count == 0)
            {
                return;
            }

            var (deferred, by) = _deferred[0];
            _deferred.RemoveAt(0);
            if (!IsSatisfied(deferred))
            {
                Take(deferred, [.. Targets(deferred)], by);
            }
        }
    }

    private void Visit(Dependency group, BinaryPackage by)
    {
        if (IsSatisfied(group))
        {
            return;
        }

        var targets = Targets(group).ToList();
        if (targets.Select(target => target.Package.Name).Distinct(StringComparer.Ordinal).Count() > 1)
        {
            _deferred.Add((group, by));
        }
        else
        {
            Take(group, targets, by);
        }
    }

    private void Take(Dependency group, IReadOnlyList<Candidate> targets, BinaryPackage by) =>
        Choose(Fitting(targets) ?? throw Failure(group, targets, by), by.Name);

    private void Choose(Candidate candidate, string? neededBy)
    {
        _chosen.Add(candidate.Package.Name, new ResolvedPackage(candidate.Package, candidate.Index, neededBy));
        _open.Enqueue(candidate.Package);
    }

    /// <summary>In the order of preference.</summary>
    private IEnumerable<Candidate> Targets(Dependency group) =>
        group.Alternatives.SelectMany(relation => _candidates.Find(relation).Concat(_candidates.FindProviders(relation))).DistinctBy(target => (target.Package.Name, target.Package.Version));

    private bool IsSatisfied(Dependency group)
    {
        if (group.Alternatives.Any(IsThere))
        {
            return true;
        }

        // What is left out would have been the choice, or a choice: its dependants were told that it counts as there.
        var excluded = Targets(group).Select(target => target.Package.Name).Concat(group.Alternatives.Select(relation => relation.Name)).FirstOrDefault(_excluded.Contains);
        if (excluded is not null)
        {
            _leftOut.Add(excluded);
        }

        return excluded is not null;
    }

    private bool IsThere(Relation relation) =>
        (_chosen.GetValueOrDefault(relation.Name) is { } own && own.Package.Satisfies(relation, _architecture))
        || _chosen.Values.Any(package => package.Package.Satisfies(relation, _architecture))
        || _installed.FindSatisfying(relation, _architecture) is not null;

    private Candidate? Fitting(IReadOnlyList<Candidate> targets) => targets.FirstOrDefault(target => ObstacleTo(target.Package) is null);

    /// <summary>What is chosen or installed and does not go together with a package; null when all does.</summary>
    private BinaryPackage? ObstacleTo(BinaryPackage package)
    {
        if (_chosen.GetValueOrDefault(package.Name)?.Package is { } chosen)
        {
            return chosen;
        }

        return _installed.Find(package.Name)
            ?? _chosen.Values.Select(other => other.Package).Concat(_installed.Packages).FirstOrDefault(other => Refuses(package, other) || Refuses(other, package));
    }

    /// <summary>A package never refuses itself by a name that it provides.</summary>
    private bool Refuses(BinaryPackage package, BinaryPackage other) =>
        package.Name != other.Name && package.Conflicts.Concat(package.Breaks).Any(relation => other.Satisfies(relation, _architecture));

    private MultiArchException Failure(Dependency group, IReadOnlyList<Candidate> targets, BinaryPackage? by)
    {
        var chain = ChainTo(by);
        foreach (var relation in group.Alternatives)
        {
            if (_installed.Find(relation.Name) is { } old && !old.Satisfies(relation, _architecture))
            {
                return ResolutionFailure.BaseOlder(relation, old, chain);
            }
        }

        return targets.Count == 0
            ? ResolutionFailure.Unsatisfied(group, chain, _candidates, _architecture)
            : ResolutionFailure.Conflict(targets[0].Package, ObstacleTo(targets[0].Package)!, chain, _chosen.ContainsKey(ObstacleTo(targets[0].Package)!.Name));
    }

    /// <summary>From what was asked for to a package.</summary>
    private List<string> ChainTo(BinaryPackage? package)
    {
        var chain = new List<string>();
        for (var name = package?.Name; name is not null; name = _chosen.GetValueOrDefault(name)?.NeededBy)
        {
            chain.Insert(0, name);
        }

        return chain;
    }
}

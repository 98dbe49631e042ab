using MultiArch.Debian.Control;
using MultiArch.Oci;

namespace MultiArch.Debian.Resolver;

/// <summary>Finds what <c>apt-get install --no-install-recommends</c> would install, and removes and upgrades nothing.</summary>
/// <remarks>
/// As apt 2.6 does: all that was asked for first, then depth first, the dependencies of a package in their order. A group that something
/// chosen satisfies chooses nothing; else its first alternative that can be had, a package of that name before those that provide it. One that
/// cannot be had, by what it needs or by a conflict, is given up for good and the next one tried. Nothing is assumed for being essential.
/// </remarks>
public sealed class DependencyResolver
{
    private readonly Candidates _candidates;
    private readonly PackageSet _installed;
    private readonly string _architecture;
    private readonly HashSet<string> _excluded;
    private readonly DeadEnds _deadEnds;
    private readonly Stack<(BinaryPackage Package, IEnumerator<Dependency> Needs)> _open = new();
    private Choices _choices;

    private DependencyResolver(IReadOnlyList<PackageIndex> indexes, InstalledPackages installed, string architecture, IEnumerable<string> excluded)
    {
        _candidates = new Candidates(indexes, architecture);
        _architecture = architecture;
        _excluded = excluded.ToHashSet(StringComparer.Ordinal);
        _installed = new PackageSet(architecture);
        foreach (var package in installed.Packages.Where(package => package.Architecture is "all" || package.Architecture == architecture))
        {
            _installed.Add(package);
        }

        _choices = new Choices(_installed, architecture);
        _deadEnds = new DeadEnds(_candidates, _installed, architecture);
    }

    /// <param name="indexes">Of this architecture. Of several versions the highest that fits is taken, from the first index that has it.</param>
    /// <param name="requests">Each has to be satisfied; of alternatives the first that can be. Their order decides nothing.</param>
    /// <param name="architecture">Debian's name, such as <c>arm64</c>.</param>
    /// <param name="excluded">Names of packages that count as there when something needs them, and are not laid down, nor what they need. One that is asked for is laid down.</param>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.PackageUnknown"/>, <see cref="DiagnosticCodes.PackageIsVirtual"/>, <see cref="DiagnosticCodes.DependencyUnsatisfied"/>,
    /// <see cref="DiagnosticCodes.PackagesConflict"/>, <see cref="DiagnosticCodes.BaseOlderThanArchive"/> or <see cref="DiagnosticCodes.PackageIndexUnreadable"/>.
    /// </exception>
    public static Resolution Resolve(
        IReadOnlyList<PackageIndex> indexes,
        InstalledPackages installed,
        IReadOnlyList<Dependency> requests,
        string architecture,
        IReadOnlyCollection<string> excluded)
    {
        var resolver = new DependencyResolver(indexes, installed, architecture, excluded);
        resolver.Run(requests);
        return resolver.Result();
    }

    /// <summary>Starts anew whenever something chosen turns out not to be had, and does without it.</summary>
    private void Run(IReadOnlyList<Dependency> requests)
    {
        // What names its package decides before what leaves a choice.
        var ordered = requests
            .OrderBy(request => request.Alternatives.Count > 1 ? 2 : _candidates.Find(request.Alternatives[0]).Any() ? 0 : 1)
            .ThenBy(request => request.ToString(), StringComparer.Ordinal)
            .ToList();
        while (!TryRun(ordered))
        {
            _choices = new Choices(_installed, _architecture);
            _open.Clear();
        }
    }

    private bool TryRun(IReadOnlyList<Dependency> requests)
    {
        var asked = new List<BinaryPackage>();
        foreach (var request in requests.Where(request => !_choices.Satisfy(request)))
        {
            var candidate = ChooseAsked(request);
            _choices.Add(candidate, neededBy: null);
            asked.Add(candidate.Package);
        }

        foreach (var package in asked)
        {
            Open(package);
            while (_open.TryPeek(out var open))
            {
                if (!open.Needs.MoveNext())
                {
                    _open.Pop();
                }
                else if (!_choices.Satisfy(open.Needs.Current) && TryChoose(open.Needs.Current, open.Package) is { } failure)
                {
                    _deadEnds.Add(open.Package, failure);
                    return false;
                }
            }
        }

        return true;
    }

    private Candidate ChooseAsked(Dependency request)
    {
        ResolutionFailure? first = null;
        foreach (var relation in request.Alternatives)
        {
            var own = _candidates.Find(relation).ToList();
            var targets = own.Count > 0 ? own : [.. _candidates.FindProviders(relation)];
            // One name may have several versions; several names are a choice that is the user's.
            if (targets.Select(target => target.Package.Name).Distinct(StringComparer.Ordinal).Count() > 1)
            {
                first ??= ResolutionFailure.Virtual(relation, targets.Select(target => target.Package.Name), _architecture);
            }
            else if (targets.FirstOrDefault(Fits) is { } target)
            {
                return target;
            }
            else if (targets.Count > 0)
            {
                first ??= _deadEnds.Explain(new Dependency([relation]), targets, by: null, _choices);
            }
        }

        throw (first ?? _deadEnds.ExplainUnknown(request)).ToException();
    }

    /// <summary>Satisfies a group by what nothing forbids; else says why that cannot be.</summary>
    private ResolutionFailure? TryChoose(Dependency group, BinaryPackage by)
    {
        var targets = _candidates.Find(group).ToList();
        // What is left out stands in nobody's way.
        if (targets.FirstOrDefault(target => _excluded.Contains(target.Package.Name) || Fits(target)) is not { } target)
        {
            if (group.Alternatives.FirstOrDefault(relation => _excluded.Contains(relation.Name)) is not { } unseen)
            {
                return _deadEnds.Explain(group, targets, by, _choices);
            }

            _choices.LeaveOut(unseen.Name);
            return null;
        }

        if (_excluded.Contains(target.Package.Name))
        {
            _choices.LeaveOut(target.Package);
        }
        else
        {
            _choices.Add(target, by.Name);
            Open(target.Package);
        }

        return null;
    }

    private bool Fits(Candidate candidate) => !_deadEnds.Contain(candidate) && _choices.FindObstacle(candidate.Package) is null;

    private void Open(BinaryPackage package) => _open.Push((package, package.PreDepends.Concat(package.Depends).GetEnumerator()));

    private Resolution Result()
    {
        List<ResolvedPackage> packages = [.. _choices.Packages.OrderBy(package => package.Package.Name, StringComparer.Ordinal)];
        return new Resolution(packages, [.. _choices.LeftOut.Order(StringComparer.Ordinal)])
        {
            Older = [.. from package in packages
                        let newest = _candidates.Versions(package.Package.Name)[0]
                        let why = newest.Package.Version > package.Package.Version ? _deadEnds.Find(newest) : null
                        where why is not null
                        select new OlderPackage(package.Package, newest.Package.Version, why.Message)],
        };
    }
}

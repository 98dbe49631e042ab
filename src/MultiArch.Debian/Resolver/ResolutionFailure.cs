using MultiArch.Debian.Control;
using MultiArch.Oci;

namespace MultiArch.Debian.Resolver;

/// <summary>Why packages cannot be had together, said in one line.</summary>
internal sealed record ResolutionFailure(string Code, string Message)
{
    // In a message.
    private const int MaxNamed = 8;

    public static ResolutionFailure Unknown(Dependency request, Candidates candidates, string architecture)
    {
        var offered = Offered(request, candidates);
        var what = OneLine.Of(request.ToString());
        return new ResolutionFailure(
            DiagnosticCodes.PackageUnknown,
            request.Alternatives.FirstOrDefault(relation => !relation.IsFor(architecture)) is { } foreign
                ? $"'{what}' names a package of {foreign.Architecture}, and this image is for {architecture}. Leave '{foreign.Architecture}' out of MultiArchOSPackage."
                : offered.Count > 0
                    ? $"No source has '{what}' for {architecture}: they have {List(offered)}. Correct the version of MultiArchOSPackage, or add a source that has it, such as a snapshot."
                    : $"No source has '{what}' for {architecture}.{Similar(request.Alternatives[0].Name, candidates)} Correct MultiArchOSPackage, name alternatives for other releases (libicu74 | libicu72), or add a source that has it.");
    }

    public static ResolutionFailure Virtual(Relation relation, IEnumerable<string> providers, string architecture) => new(
        DiagnosticCodes.PackageIsVirtual,
        $"'{relation}' is no package for {architecture}, but what several provide: {List(providers)}. Name one of them as MultiArchOSPackage.");

    public static ResolutionFailure Unsatisfied(Dependency group, IReadOnlyList<string> chain, Candidates candidates, string architecture)
    {
        var offered = Offered(group, candidates);
        return new ResolutionFailure(
            DiagnosticCodes.DependencyUnsatisfied,
            $"{Path([.. chain, group.ToString()])}: no source has '{OneLine.Of(group.ToString())}' for {architecture}{(offered.Count > 0 ? $"; they have {List(offered)}" : "")}. "
            + "Add the source that it comes from (updates and security go together with their release), or leave it out with MultiArchOSPackageExclude.");
    }

    public static ResolutionFailure Conflict(BinaryPackage package, Obstacle obstacle, IReadOnlyList<string> chain, Choices choices)
    {
        var wanted = Path([.. chain, package.ToString()]);
        var other = obstacle.IsInstalled
            ? $"{obstacle.Package}, which the base has"
            : $"{Path([.. choices.ChainTo(obstacle.Package.Name).SkipLast(1), obstacle.Package.ToString()])}";
        return new ResolutionFailure(
            DiagnosticCodes.PackagesConflict,
            package.Name == obstacle.Package.Name
                ? $"{wanted} is needed beside {other}: one image holds one version of a package. {(obstacle.IsInstalled ? "Take a newer version of the base image." : "Ask for one of them.")}"
                : $"{wanted} does not go together with {other}. {(obstacle.IsInstalled ? "Take another base image, or leave one of them out." : "Ask for one of them.")}");
    }

    public static ResolutionFailure OtherTime(Relation relation, VersionConstraint wanted, BinaryPackage installed, IReadOnlyList<string> chain)
    {
        var isOlder = installed.Version < wanted.Version || wanted.Operator is ">>";
        return new ResolutionFailure(
            DiagnosticCodes.BaseOlderThanArchive,
            $"{Path([.. chain, relation.ToString()])}: the base has {installed}, which is {(isOlder ? "older" : "newer")} than the archive, and a package of the base is never replaced. "
            + $"Take {(isOlder ? "a newer version of the base image" : "the archive in which the base's packages are")}.");
    }

    public MultiArchException ToException() => new(Code, Message);

    /// <summary>What the sources have of the names, in other versions.</summary>
    private static List<string> Offered(Dependency group, Candidates candidates) =>
        [.. group.Alternatives.SelectMany(relation => candidates.Versions(relation.Name)).Select(candidate => candidate.Package.ToString())];

    private static string Similar(string name, Candidates candidates) =>
        SimilarNames.Find(name, candidates.Names) is { Count: > 0 } similar ? $" They have {List(similar)}." : "";

    private static string Path(IEnumerable<string> chain) => string.Join(" → ", chain.Select(name => OneLine.Of(name, 120)));

    private static string List(IEnumerable<string> names)
    {
        var all = names.Distinct(StringComparer.Ordinal).ToList();
        return string.Join(", ", all.Take(MaxNamed)) + (all.Count > MaxNamed ? $", and {all.Count - MaxNamed} more" : "");
    }
}

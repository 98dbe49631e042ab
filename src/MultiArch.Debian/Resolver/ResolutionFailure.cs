using System.Buffers;
using MultiArch.Debian.Control;
using MultiArch.Oci;

namespace MultiArch.Debian.Resolver;

/// <summary>Why packages cannot be had together, said in one line.</summary>
internal static class ResolutionFailure
{
    private static readonly SearchValues<char> VersionLike = SearchValues.Create("0123456789.-t");

    // In a message.
    private const int MaxNamed = 8;

    public static MultiArchException Unknown(Dependency request, Candidates candidates, string architecture) => new(
        DiagnosticCodes.PackageUnknown,
        $"No source has '{request}' for {architecture}.{Similar(request.Alternatives[0].Name, candidates)} Correct MultiArchOSPackage, name alternatives for other releases (libicu74 | libicu72), or add a source that has it.");

    public static MultiArchException Virtual(Relation relation, IEnumerable<string> providers, string architecture) => new(
        DiagnosticCodes.PackageIsVirtual,
        $"'{relation}' is no package for {architecture}, but what several provide: {List(providers)}. Name one of them as MultiArchOSPackage.");

    public static MultiArchException Unsatisfied(Dependency group, IReadOnlyList<string> chain, Candidates candidates, string architecture)
    {
        var offered = group.Alternatives
            .SelectMany(relation => candidates.Find(new Relation(relation.Name)))
            .Select(candidate => candidate.Package.ToString())
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return new MultiArchException(
            DiagnosticCodes.DependencyUnsatisfied,
            $"{Path(chain)} needs '{group}', which no source has for {architecture}{(offered.Count > 0 ? $": they have {List(offered)}" : "")}. "
            + "Add the source that it comes from (updates and security go together with their release), or ask for another package.");
    }

    /// <param name="isChosen">Whether the other one comes in as well; else the base has it.</param>
    public static MultiArchException Conflict(BinaryPackage package, BinaryPackage other, IReadOnlyList<string> chain, bool isChosen)
    {
        var wanted = chain.Count > 0 ? $"{package} (for {Path(chain)})" : package.ToString();
        return new MultiArchException(
            DiagnosticCodes.PackagesConflict,
            package.Name == other.Name
                ? $"{wanted} is needed, and {(isChosen ? $"{other} comes in as well" : $"the base has {other}")}: one image holds one version of a package. Ask for one of them, or take a newer base."
                : $"{wanted} does not go together with {other}, which {(isChosen ? "comes in as well" : "the base has")}. Ask for one of them.");
    }

    public static MultiArchException BaseOlder(Relation relation, BinaryPackage installed, IReadOnlyList<string> chain) => new(
        DiagnosticCodes.BaseOlderThanArchive,
        $"{(chain.Count > 0 ? $"{Path(chain)} needs" : "The project asks for")} '{relation}', and the base has {installed}: it is older than the archive, and a package of the base is never replaced. "
        + "Take a newer version of the base image.");

    private static string Path(IEnumerable<string> chain) => string.Join(" → ", chain);

    private static string List(IEnumerable<string> names)
    {
        var all = names.Distinct(StringComparer.Ordinal).ToList();
        return string.Join(", ", all.Take(MaxNamed)) + (all.Count > MaxNamed ? $", and {all.Count - MaxNamed} more" : "");
    }

    /// <summary>Names of the same stem: another release's libicu72 is this one's libicu76.</summary>
    private static string Similar(string name, Candidates candidates)
    {
        var stem = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '-');
        var similar = stem.Length < 3 ? [] : candidates.Names
            .Where(other => other.StartsWith(stem, StringComparison.Ordinal) && !other.AsSpan(stem.Length).ContainsAnyExcept(VersionLike))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        return similar.Count > 0 ? $" It has {List(similar)}." : "";
    }
}

using MultiArch.Debian.DebFiles;
using MultiArch.Debian.RootFileSystem;
using MultiArch.Oci;

namespace MultiArch.Debian;

/// <summary>Finds what a project leaves out and what none of its platforms would have had: a misspelt name, or a path of another release.</summary>
public static class UnusedExcludes
{
    private static readonly HashSet<string> Defaults = [.. DefaultExcludes.Packages, .. FileFilter.DefaultPatterns];

    /// <param name="platforms">All of a publish: what one of them leaves out is of use.</param>
    /// <returns>One for each value, in the project's order; none for what is left out by default, and for what nobody has looked at.</returns>
    public static IEnumerable<PackageEvent.Warning> Find(IReadOnlyList<SeenPlatform> platforms)
    {
        var filled = platforms.Where(platform => platform.Resolved.Locked.Packages.Count > 0).ToList();
        foreach (var exclude in filled.SelectMany(platform => platform.Plan.Excludes).Distinct(StringComparer.Ordinal).Where(exclude => !Defaults.Contains(exclude)))
        {
            var asked = filled.Where(platform => platform.Plan.Excludes.Contains(exclude, StringComparer.Ordinal)).ToList();
            if ((exclude.Contains('/') ? WhyNoFile(exclude, asked) : WhyNoPackage(exclude, asked)) is { } why)
            {
                yield return new PackageEvent.Warning(DiagnosticCodes.ExcludeMatchesNothing, $"MultiArchOSPackageExclude '{OneLine.Of(exclude)}' matches nothing: {why}, or remove the item.");
            }
        }
    }

    private static string? WhyNoFile(string pattern, List<SeenPlatform> platforms) =>
        platforms.Any(platform => platform.Packages is null)
        || FileFilter.MeansAny(pattern, platforms.SelectMany(platform => platform.Packages!).SelectMany(package => package.Entries)) // looked at above
            ? null
            : $"no package for {Named(platforms)} has a file there. Correct the path to the package's own{(pattern.Contains('*') ? ", in which * does not stand for a /" : "")}";

    private static string? WhyNoPackage(string name, List<SeenPlatform> platforms) =>
        platforms.Any(platform => platform.Resolved.LeftOut is not { } leftOut || leftOut.Contains(name, StringComparer.Ordinal)) ? null
        : platforms.All(platform => platform.Resolved.Locked.Packages.Any(package => package.Name == name)) ? "MultiArchOSPackage asks for it. Remove it there"
        : $"nothing that is laid down for {Named(platforms)} needs a package of that name. Correct the name";

    private static string Named(List<SeenPlatform> platforms) => string.Join(" and ", platforms.Select(platform => platform.Plan.RuntimeIdentifier));
}

/// <summary>A platform of which it is known what its packages are.</summary>
/// <param name="Packages">Null when they are not laid down.</param>
public sealed record SeenPlatform(PackagePlan Plan, ResolvedPlatform Resolved, IReadOnlyList<ExtractedPackage>? Packages = null);

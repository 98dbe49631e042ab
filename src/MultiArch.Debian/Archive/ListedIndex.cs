using MultiArch.Debian.Sources;
using MultiArch.Oci;

namespace MultiArch.Debian.Archive;

/// <summary>An index of packages as a Release file lists it.</summary>
/// <param name="File">In the form that is fetched.</param>
/// <param name="Extension">Of that form: <c>.xz</c>, <c>.zst</c>, <c>.gz</c> or empty.</param>
/// <param name="Plain">Uncompressed; null when it is not listed.</param>
internal sealed record ListedIndex(ArchiveFile File, string Extension, ArchiveFile? Plain)
{
    /// <summary>In the order in which they are wanted: the smallest first.</summary>
    private static readonly string[] Extensions = [".xz", ".zst", ".gz", ""];

    /// <returns>One of each component, and where packages for all architectures are apart, theirs too.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.NotTheRequestedSuite"/>, <see cref="DiagnosticCodes.ArchitectureNotServed"/>.</exception>
    public static IReadOnlyList<ListedIndex> Find(ReleaseFile release, PackageSource source, string architecture)
    {
        ReleaseCheck.Serves(release, source, architecture);
        if (source.IsFlat)
        {
            return [Find(release, "Packages") ?? throw ReleaseCheck.NotServed(source, architecture, "it lists no Packages")];
        }

        var found = new List<ListedIndex>();
        foreach (var component in source.Components)
        {
            found.Add(Find(release, $"{component}/binary-{architecture}/Packages") ?? throw Missing(release, source, component, architecture));
            if (release.HasIndexOfAll && Find(release, $"{component}/binary-all/Packages") is { } all)
            {
                found.Add(all);
            }
        }

        return found;
    }

    private static ListedIndex? Find(ReleaseFile release, string path) => Extensions
        .Where(extension => release.Files.ContainsKey(path + extension))
        .Select(extension => new ListedIndex(release.Files[path + extension], extension, release.Files.GetValueOrDefault(path)))
        .FirstOrDefault();

    private static MultiArchException Missing(ReleaseFile release, PackageSource source, string component, string architecture) =>
        release.Files.Keys.Any(path => path.StartsWith($"{component}/binary-", StringComparison.Ordinal))
            ? ReleaseCheck.NotServed(source, architecture, $"its component {OneLine.Of(component, 60)} lists none")
            : new MultiArchException(
                DiagnosticCodes.NotTheRequestedSuite,
                $"The source '{source}' of {source.Origin} has no component '{OneLine.Of(component, 60)}'; it has {OneLine.Of(string.Join(' ', release.Components), 200)}. Correct the source.");
}

using MultiArch.Debian.Signatures;
using MultiArch.Debian.Sources;
using MultiArch.Oci;

namespace MultiArch.Debian.Archive;

/// <summary>Picks a machine's sources that are its distribution's own: others it may have been given for its own needs.</summary>
public static class DistributionSources
{
    /// <param name="host">Whose ID is the Origin that its archives sign: <c>debian</c> and Debian, <c>ubuntu</c> and Ubuntu.</param>
    /// <param name="sources">Of that machine, for the architecture that is wanted.</param>
    /// <exception cref="MultiArchException">A source cannot be read, so that nobody knows whose it is: one of <c>MARCH6003</c> to <c>MARCH6014</c>.</exception>
    public static async Task<SourceList> FilterAsync(
        OsRelease host, IReadOnlyList<PackageSource> sources, ArchiveIndexes indexes, Keyrings trusted, CancellationToken cancellationToken)
    {
        var releases = await Task.WhenAll(sources.Select(source => indexes.ReadReleaseAsync(source, trusted, cancellationToken)));
        var list = SourceList.Empty;
        foreach (var (source, release) in sources.Zip(releases))
        {
            list = list.With(release.Origin.Equals(host.Id, StringComparison.OrdinalIgnoreCase)
                ? new SourceList([source], [])
                : new SourceList([], [new SkippedSource(source.ToString(), source.Origin, $"it is an archive of '{OneLine.Of(release.Origin, 60)}', and not of {host.Id}")]));
        }

        return list;
    }
}

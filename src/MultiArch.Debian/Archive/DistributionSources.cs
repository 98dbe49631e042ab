using MultiArch.Debian.Signatures;
using MultiArch.Debian.Sources;
using MultiArch.Oci;

namespace MultiArch.Debian.Archive;

/// <summary>Picks a machine's sources that are its distribution's own: others it may have been given for its own needs.</summary>
public static class DistributionSources
{
    /// <param name="host">Whose ID is the Origin that its archives sign: <c>debian</c> and Debian, <c>ubuntu</c> and Ubuntu.</param>
    /// <param name="sources">Of that machine, for the architecture that is wanted.</param>
    /// <param name="progress">Is warned of a source that cannot be verified, as a foreign one whose key is not here.</param>
    /// <exception cref="MultiArchException">A source cannot be read, so that nobody knows whose it is.</exception>
    public static async Task<SourceList> FilterAsync(
        OsRelease host, IReadOnlyList<PackageSource> sources, ArchiveIndexes indexes, Keyrings trusted, IProgress<PackageEvent> progress, CancellationToken cancellationToken)
    {
        var read = await Task.WhenAll(sources.Select(source => ReadAsync(source, host, indexes, trusted, progress, cancellationToken)));
        return read.Aggregate(SourceList.Empty, (list, source) => list.With(source));
    }

    private static async Task<SourceList> ReadAsync(
        PackageSource source, OsRelease host, ArchiveIndexes indexes, Keyrings trusted, IProgress<PackageEvent> progress, CancellationToken cancellationToken)
    {
        try
        {
            var release = await indexes.ReadReleaseAsync(source, trusted, cancellationToken);
            return release.Origin.Equals(host.Id, StringComparison.OrdinalIgnoreCase)
                ? new SourceList([source], [])
                : Skip(source, $"it is an archive of '{OneLine.Of(release.Origin, 60)}', and not of {host.Id}");
        }
        catch (MultiArchException e) when (e.Code is DiagnosticCodes.KeyringUnusable or DiagnosticCodes.NotSignedByTrustedKey)
        {
            // Unlike one that answers with an error, which may be the distribution's: without it, older packages would be taken.
            progress.Report(new PackageEvent.Warning(DiagnosticCodes.HostSourceUnusable, $"The package source '{source}' of {source.Origin} is left out: {e.Message}"));
            return Skip(source, e.Message);
        }
    }

    private static SourceList Skip(PackageSource source, string why) => new([], [new SkippedSource(source.ToString(), source.Origin, why)]);
}

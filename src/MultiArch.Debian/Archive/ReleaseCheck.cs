using System.Globalization;
using MultiArch.Debian.Sources;
using MultiArch.Oci;

namespace MultiArch.Debian.Archive;

/// <summary>Whether a signed Release file is the one that was asked for: a mirror could show another suite's, or an old one.</summary>
internal static class ReleaseCheck
{
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.NotTheRequestedSuite"/>, <see cref="DiagnosticCodes.IndexExpired"/>.</exception>
    public static void IsCurrent(ReleaseFile release, PackageSource source, DateTimeOffset now)
    {
        if (!IsSuite(release, source))
        {
            var names = new[] { release.Suite, release.Codename }.Where(name => name.Length > 0).Distinct().Select(name => $"'{OneLine.Of(name, 60)}'").ToList();
            throw new MultiArchException(
                DiagnosticCodes.NotTheRequestedSuite,
                $"The source '{source}' of {source.Origin} shows the index of another suite: {(names.Count > 0 ? string.Join(", also called ", names) : "it has no name")}. Write the suite's present name, or take another mirror.");
        }

        if (source.CheckValidUntil && release.ValidUntil < now)
        {
            throw new MultiArchException(
                DiagnosticCodes.IndexExpired,
                $"The index of '{source}' ({source.Origin}) was valid until {Time(release.ValidUntil)}{(release.Date is { } date ? $" and was written on {Time(date)}" : "")}. Take a mirror that is updated; for a snapshot that is meant, set MultiArchOSPackageCheckValidUntil=false.");
        }
    }

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.ArchitectureNotServed"/>.</exception>
    public static void Serves(ReleaseFile release, PackageSource source, string architecture)
    {
        if (release.Architectures.Count > 0 && !release.Architectures.Contains(architecture, StringComparer.Ordinal))
        {
            throw NotServed(source, architecture, $"it has {OneLine.Of(string.Join(' ', release.Architectures), 200)}");
        }
    }

    public static MultiArchException NotServed(PackageSource source, string architecture, string why) => new(
        DiagnosticCodes.ArchitectureNotServed,
        $"The source '{source}' of {source.Origin} has no packages for {architecture}: {why}. Name one that has, or leave that platform out.");

    /// <summary>As in the source, or as security archives and experimental are called there: apt compares so, too, but only warns.</summary>
    private static bool IsSuite(ReleaseFile release, PackageSource source)
    {
        if (source.IsFlat)
        {
            return true; // It is a folder's name, and no suite's.
        }

        var slash = source.Suite.LastIndexOf('/');
        string[] names = slash > 0 ? [source.Suite, source.Suite[..slash]] : [source.Suite];
        return names.Any(name => name.Length > 0 && (name == release.Suite || name == release.Codename));
    }

    private static string Time(DateTimeOffset? time) => time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "";
}

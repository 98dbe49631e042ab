using MultiArch.Debian.Archive;
using MultiArch.Debian.Bases;
using MultiArch.Oci;

namespace MultiArch.Debian;

/// <summary>Keeps releases apart: what a base is made of and what is put on it have to come from one.</summary>
internal static class ReleaseFit
{
    private static readonly string[] Distributions = ["Debian", "Ubuntu"];

    /// <summary>Refuses a distribution's archive of another release than the base's; what others publish for it is theirs to fit.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.SourceOfAnotherRelease"/>.</exception>
    public static void Require(SourceIndex index, BaseSystem system)
    {
        var release = index.Release;
        if (system is { IsScratch: false, Release: { VersionCodename.Length: > 0 } @base }
            && Distributions.Contains(release.Origin, StringComparer.OrdinalIgnoreCase)
            && !(release.Origin.Equals(@base.Id, StringComparison.OrdinalIgnoreCase) && IsOf(release.Codename, @base.VersionCodename)))
        {
            throw new MultiArchException(
                DiagnosticCodes.SourceOfAnotherRelease,
                $"{index.Source.Origin} is {OneLine.Of(release.Origin, 60)}'s {OneLine.Of(release.Codename, 60)}, and the base image '{system.Name}' is {@base} ({@base.VersionCodename}): their libraries do not fit each other. "
                + $"Set its Suite to {@base.VersionCodename}, or leave the sources to the base.");
        }
    }

    /// <summary><c>bookworm</c>, and <c>bookworm-updates</c> and the like that go with it.</summary>
    private static bool IsOf(string codename, string release) =>
        codename == release || codename.StartsWith(release + "-", StringComparison.Ordinal) || codename.StartsWith(release + "/", StringComparison.Ordinal);
}

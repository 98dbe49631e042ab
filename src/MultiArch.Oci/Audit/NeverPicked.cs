using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Audit;

/// <summary>Finds images of an index that nobody gets.</summary>
internal static class NeverPicked
{
    private static readonly Platform Unlisted = new("none", "none");

    /// <param name="entries">Images, in the index's order.</param>
    /// <returns>The position of each, and the position of the one that is taken in its place; null where there is none.</returns>
    public static IEnumerable<(int Entry, int? InItsPlace)> Find(IReadOnlyList<Descriptor> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var platform = entries[i].Platform?.Normalize();

            // Windows compares its version too, which is not looked into here.
            if (platform is { OS: "windows" })
            {
                continue;
            }

            var picks = HostsOf(platform).SelectMany(host => ClientSelection.Clients.Select(client => ClientSelection.Pick(client, host, entries))).ToList();
            if (!picks.Contains(i))
            {
                var same = Enumerable.Range(0, entries.Count).Where(other => other != i && IsSame(entries[other].Platform, platform)).Select(other => (int?)other);
                yield return (i, same.FirstOrDefault());
            }
        }
    }

    /// <summary>Every host is asked, and one of the entry's own kind; levels of amd64 and arm64 are no hosts of their own. An entry without a platform is for who finds nothing else.</summary>
    private static IEnumerable<Platform> HostsOf(Platform? platform) =>
        platform is { Architecture: "amd64" or "arm64" } ? ClientSelection.Hosts : [.. ClientSelection.Hosts, platform ?? Unlisted];

    private static bool IsSame(Platform? one, Platform? other) => one is null || other is null ? one == other : one.IsSameAs(other);
}

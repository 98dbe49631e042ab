namespace MultiArch.Oci.Audit;

/// <summary>Finds hosts on which clients take an image that does not run there, since the index does not say what it is for.</summary>
internal static class ForeignPicks
{
    // Of hosts, in a message.
    private const int MaxNamed = 8;

    /// <param name="contents">An index.</param>
    /// <param name="images">Of it, in its order.</param>
    /// <returns>One fault at most: certain when the index has an image that runs on the host and is not taken.</returns>
    public static VerificationFault? Find(IndexContents contents, IReadOnlyList<VerifiedPlatform> images)
    {
        var entries = contents.Entries;
        var platforms = images.Take(entries.Count).Select(image => image.Index ?? image.Config).ToList();
        var foreign = HostsOf(platforms)
            .Select(host => (Host: host, Taken: TakenOn(host, contents, platforms), HasOwn: platforms.Exists(platform => platform?.IsSameAs(host) is true)))
            .Where(found => found.Taken is not null)
            .ToList();
        if (foreign.Count == 0)
        {
            return null;
        }

        var deceived = foreign.Where(found => found.HasOwn).ToList();
        var told = deceived.Count > 0 ? deceived : foreign;
        var taken = told[0].Taken!.Value; // the others were left out
        var hosts = string.Join(", ", told.Take(MaxNamed).Select(found => OneLine.Of(found.Host.ToString(), 60))) + (told.Count > MaxNamed ? $" and {told.Count - MaxNamed} more" : "");
        var own = deceived.Count == 0 ? "" : deceived.Count == 1 ? ", though it has another for that host" : ", though it has others for these hosts";
        return new VerificationFault(
            DiagnosticCodes.EntryWithoutPlatform,
            IsCertain: deceived.Count > 0,
            $"On {hosts} clients take {OneLine.Of(images[taken].Name, 60)} (image {taken + 1} of the index), which does not run there: the index names no platform for this image{own}. Give every entry of the index its platform.");
    }

    private static IEnumerable<Platform> HostsOf(IEnumerable<Platform?> platforms) =>
        ClientSelection.Hosts.Concat(platforms.OfType<Platform>().Where(platform => platform.Architecture is not ("amd64" or "arm64")).Select(platform => platform.Normalize() with { OSVersion = null })).Distinct();

    private static int? TakenOn(Platform host, IndexContents contents, List<Platform?> platforms) =>
        ClientSelection.Clients.Select(client => ClientSelection.Pick(client, host, contents.Entries))
            .FirstOrDefault(pick => pick is { } taken && contents.Entries[taken].Platform is null && platforms[taken] is { } platform && !ClientSelection.Runs(host, platform));
}

namespace MultiArch.Oci.Audit;

/// <summary>Finds required platforms for which nobody gets an image.</summary>
internal static class RequiredFaults
{
    public static IEnumerable<VerificationFault> Find(IndexContents contents, IReadOnlyList<VerifiedPlatform> images, IReadOnlyList<Platform> required)
    {
        foreach (var platform in required)
        {
            var own = Enumerable.Range(0, images.Count).Where(i => IsFor(images[i], platform)).ToList();
            if (own.Count == 0)
            {
                var offered = string.Join(", ", images.Select(image => OneLine.Of(image.Name, 60)).Distinct().Take(20));
                yield return Absent($"There is no image for {platform}, which MultiArchRequiredPlatforms names. There is: {(offered.Length > 0 ? offered : "none")}. Publish that platform too.");
            }
            else if (contents.IsIndex && !contents.IsListOfTags && own[^1] < contents.Entries.Count && InItsPlace(contents, images, platform) is { } other)
            {
                yield return Absent(
                    $"No client gets the image for {platform} (image {own[0] + 1} of the index), which MultiArchRequiredPlatforms names: on that platform they take {OneLine.Of(images[other].Name, 60)} (image {other + 1}). Give every entry of the index its platform.");
            }
        }
    }

    private static VerificationFault Absent(string message) => new(DiagnosticCodes.RequiredPlatformAbsent, IsCertain: true, message);

    private static bool IsFor(VerifiedPlatform image, Platform platform) => (image.Index ?? image.Config)?.IsSameAs(platform) is true;

    /// <returns>The image that clients take there; null when one of them takes an image of the platform.</returns>
    private static int? InItsPlace(IndexContents contents, IReadOnlyList<VerifiedPlatform> images, Platform platform)
    {
        var picks = ClientSelection.Clients.Select(client => ClientSelection.Pick(client, platform, contents.Entries)).OfType<int>().ToList();
        return picks.Count == 0 || picks.Exists(pick => IsFor(images[pick], platform)) ? null : picks[0];
    }
}

namespace MultiArch.Oci.Audit;

/// <summary>What is wrong with the list of images, whatever is in them.</summary>
internal static class IndexFaults
{
    public static IEnumerable<VerificationFault> Find(IndexContents contents, IReadOnlyList<VerifiedPlatform> images, IReadOnlyList<Platform> required)
    {
        foreach (var platform in required.Where(platform => !images.Any(image => (image.Index ?? image.Config)?.IsSameAs(platform) is true)))
        {
            var offered = string.Join(", ", images.Select(image => OneLine.Of(image.Name, 60)).Distinct().Take(20));
            yield return new VerificationFault(
                DiagnosticCodes.RequiredPlatformAbsent, IsCertain: true, $"There is no image for {platform}, which MultiArchRequiredPlatforms names. There is: {(offered.Length > 0 ? offered : "none")}. Publish that platform too.");
        }

        if (!contents.IsIndex)
        {
            yield break;
        }

        if (contents.Images.Count == 0)
        {
            yield return new VerificationFault(DiagnosticCodes.NoImages, IsCertain: true, "The index has no image for any platform, so that nobody can pull it. Publish it again, or combine its images anew.");
        }

        foreach (var (entry, inItsPlace) in NeverPicked.Find([.. contents.Images.Where(image => !image.IsNested).Select(image => image.Entry)]))
        {
            var why = inItsPlace is { } other && other < entry
                ? $"clients take image {other + 1} of the index ({OneLine.Of(images[other].Name, 60)}), which is for the same platform"
                : "containerd, docker and podman on an ordinary host of that architecture look for an entry without that variant";
            yield return new VerificationFault(
                DiagnosticCodes.EntryNeverPicked, IsCertain: false, $"{OneLine.Of(images[entry].Name, 60)} (image {entry + 1} of the index) is pulled by nobody: {why}. Leave it out, or name the platform as hosts do.");
        }

        if (contents.Images.FirstOrDefault(image => image.IsNested) is not null)
        {
            yield return new VerificationFault(
                DiagnosticCodes.IndexWithinIndex, IsCertain: false, "The index lists another index. podman and docker do not look into it; the images in it are verified all the same. List them in the index itself.");
        }
    }
}

namespace MultiArch.Oci.Audit;

/// <summary>What is wrong with the list of images, whatever is in them.</summary>
internal static class IndexFaults
{
    public static IEnumerable<VerificationFault> Find(IndexContents contents, IReadOnlyList<VerifiedPlatform> images, IReadOnlyList<Platform> required)
    {
        foreach (var fault in RequiredFaults.Find(contents, images, required))
        {
            yield return fault;
        }

        if (!contents.IsIndex)
        {
            yield break;
        }

        if (contents.Images.Count == 0)
        {
            yield return new VerificationFault(DiagnosticCodes.NoImages, IsCertain: true, "The index has no image for any platform, so that nobody can pull it. Publish it again, or combine its images anew.");
        }

        foreach (var fault in contents.IsListOfTags ? [] : FindUnreachable(contents, images))
        {
            yield return fault;
        }

        if (!contents.IsListOfTags && contents.Images.FirstOrDefault(image => image.IsNested) is not null)
        {
            yield return new VerificationFault(
                DiagnosticCodes.IndexWithinIndex, IsCertain: false, "The index lists another index. podman and docker do not look into it; the images in it are verified all the same. List them in the index itself.");
        }
    }

    private static IEnumerable<VerificationFault> FindUnreachable(IndexContents contents, IReadOnlyList<VerifiedPlatform> images)
    {
        if (ForeignPicks.Find(contents, images) is { } foreign)
        {
            yield return foreign;
        }

        foreach (var (entry, inItsPlace) in NeverPicked.Find(contents.Entries))
        {
            var isNameless = contents.Entries[entry].Platform is null;
            var why = inItsPlace is { } other && other < entry
                ? $"clients take image {other + 1} of the index ({OneLine.Of(images[other].Name, 60)}), which {(isNameless ? "has no platform in the index either" : "is for the same platform")}"
                : "containerd, docker and podman on an ordinary host of that architecture look for an entry without that variant";
            var advice = isNameless ? "Name its platform, or leave it out." : "Leave it out, or name the platform as hosts do.";
            yield return new VerificationFault(
                DiagnosticCodes.EntryNeverPicked, IsCertain: false, $"{OneLine.Of(images[entry].Name, 60)} (image {entry + 1} of the index) is pulled by nobody: {why}. {advice}");
        }
    }
}

using MultiArch.Oci.Publishing;

namespace MultiArch.Build.Results;

/// <summary>One thing that a later step of a pipeline asks for.</summary>
/// <param name="Output">Its name where names belong to a step: <c>digest</c>.</param>
/// <param name="Variable">Its name among a job's variables: <c>IMAGE_DIGEST</c>.</param>
internal sealed record ResultVariable(string Output, string Variable, string Value)
{
    /// <param name="metadataFile">Absolute path of <c>image.json</c>; empty for none.</param>
    /// <param name="prefix">Before each name; empty for none.</param>
    public static IReadOnlyList<ResultVariable> Of(ImageReport report, string metadataFile, string prefix) =>
    [
        new(prefix + "image", prefix + "IMAGE", $"{report.Name}@{report.Digest}"),
        new(prefix + "name", prefix + "IMAGE_NAME", report.Name),
        new(prefix + "digest", prefix + "IMAGE_DIGEST", report.Digest.ToString()),
        new(prefix + "tags", prefix + "IMAGE_TAGS", string.Join(',', report.Tags)),
        new(prefix + "metadata", prefix + "IMAGE_METADATA", metadataFile),
    ];
}

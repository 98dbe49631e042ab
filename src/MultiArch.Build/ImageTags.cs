using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>Reads the properties ContainerImageTag and ContainerImageTags.</summary>
internal static class ImageTags
{
    /// <param name="tags">Separated by <c>;</c>.</param>
    /// <returns>Each once, in the order in which they stand; none where neither is set.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.TagAndTags"/>.</exception>
    public static string[] Read(string tag, string tags) => tag.Length == 0 || tags.Length == 0
        ? [.. (tags.Length > 0 ? tags : tag).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)]
        : throw new MultiArchException(DiagnosticCodes.TagAndTags, $"ContainerImageTag '{OneLine.Of(tag)}' and ContainerImageTags '{OneLine.Of(tags)}' are both set. Keep one of them.");

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidTag"/>.</exception>
    public static void Check(IEnumerable<string> tags)
    {
        if (tags.FirstOrDefault(tag => !ImageReference.IsTag(tag)) is { } invalid)
        {
            throw new MultiArchException(DiagnosticCodes.InvalidTag, $"'{OneLine.Of(invalid)}' is not a tag: {ImageReference.TagRule}. Correct ContainerImageTag or ContainerImageTags.");
        }
    }
}

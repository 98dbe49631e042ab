using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Images;

/// <summary>What a manifest or an index says of itself in its <c>annotations</c>.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md</remarks>
public static class ImageAnnotations
{
    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidAnnotation"/>: a key that none can have, or a format that has no place for it.</exception>
    public static void Check(IEnumerable<string> keys, ImageFormat format)
    {
        foreach (var key in keys)
        {
            if (string.IsNullOrWhiteSpace(key))
            {
                throw Invalid("A ContainerAnnotation has no key", "Name it, as in Include=\"com.example.team\"");
            }

            // Outside the index.json of a layout the specification gives it no meaning, and tools that copy images take it for a tag.
            if (key == ImageLayoutFile.ReferenceName)
            {
                throw Invalid($"ContainerAnnotation '{key}' is reserved for the tags of an image layout", "Set ContainerImageTag or ContainerImageTags instead");
            }

            if (format is ImageFormat.Docker)
            {
                throw Invalid($"ContainerAnnotation '{key}' has no place in Docker's format, which has no annotations", "Set ContainerImageFormat to OCI, or use a ContainerLabel");
            }
        }
    }

    /// <returns>In ordinal order of the keys, so that equal annotations are equal bytes; null for none.</returns>
    /// <exception cref="MultiArchException">As <see cref="Check"/>.</exception>
    internal static IReadOnlyDictionary<string, string>? Arrange(IReadOnlyDictionary<string, string> annotations, ImageFormat format)
    {
        Check(annotations.Keys, format);
        return annotations.Count > 0
            ? new SortedDictionary<string, string>(annotations.ToDictionary(), StringComparer.Ordinal)
            : null;
    }

    private static MultiArchException Invalid(string what, string nextStep) => new(DiagnosticCodes.InvalidAnnotation, $"{what}. {nextStep}.");
}

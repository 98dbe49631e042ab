using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Images;

/// <summary>Joins platforms into one index, in an order that depends on the platforms alone.</summary>
public static class IndexAssembler
{
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.PlatformNamedTwice"/>: a client would always take the first; or <see cref="DiagnosticCodes.InvalidAnnotation"/>.
    /// </exception>
    public static Document Assemble(IReadOnlyList<AssembledImage> images, ImageFormat format, IReadOnlyDictionary<string, string> annotations)
    {
        foreach (var group in images.GroupBy(image => image.Platform.Normalize()).Where(group => group.Count() > 1))
        {
            throw PlatformTwice(group.Select(image => image.RuntimeIdentifier), group.Key);
        }

        return Join(images.Select(image => image.Manifest.Describe() with { Platform = image.Platform }), [], format, annotations);
    }

    /// <param name="images">In any order; each has another platform.</param>
    /// <param name="others">What no client picks by its platform, such as attestations; stands behind the images as it is.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidAnnotation"/>.</exception>
    public static Document Join(IEnumerable<Descriptor> images, IEnumerable<Descriptor> others, ImageFormat format, IReadOnlyDictionary<string, string> annotations)
    {
        var ordered = images.OrderBy(image => image.Platform?.ToString(), StringComparer.Ordinal).ThenBy(image => image.Platform?.OSVersion, StringComparer.Ordinal);
        var mediaType = format is ImageFormat.Docker ? MediaTypes.DockerIndex : MediaTypes.OciIndex;
        return new ImageIndex(mediaType, [.. ordered, .. others], ImageAnnotations.Arrange(annotations, format)).ToDocument();
    }

    public static MultiArchException PlatformTwice(IEnumerable<string> runtimeIdentifiers, Platform platform) => new(
        DiagnosticCodes.PlatformNamedTwice,
        $"{string.Join(" and ", runtimeIdentifiers)} are both {platform}, and an index names a platform once. Leave one of them out.");
}

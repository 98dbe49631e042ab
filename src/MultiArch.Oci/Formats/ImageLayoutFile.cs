namespace MultiArch.Oci.Formats;

/// <summary>The names and the constant file of an OCI image layout folder.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md</remarks>
public static class ImageLayoutFile
{
    public const string Marker = "oci-layout";
    public const string Index = "index.json";

    /// <summary>Annotation of an entry of <c>index.json</c>: the tag.</summary>
    public const string ReferenceName = "org.opencontainers.image.ref.name";

    public static ReadOnlySpan<byte> MarkerContent => """{"imageLayoutVersion":"1.0.0"}"""u8;

    /// <summary>The image that <c>index.json</c> names so.</summary>
    public static Descriptor? Find(ImageIndex entries, string tag) => entries.Manifests.FirstOrDefault(entry => entry.Annotations?.GetValueOrDefault(ReferenceName) == tag);

    /// <summary>The image that <c>index.json</c> names so, or else its only one; null when there are several, one for each platform perhaps.</summary>
    public static Descriptor? Choose(ImageIndex entries, string tag) =>
        Find(entries, tag)
            ?? (entries.Manifests.DistinctBy(entry => entry.Digest).Count() == 1 ? entries.Manifests[0] : null);
}

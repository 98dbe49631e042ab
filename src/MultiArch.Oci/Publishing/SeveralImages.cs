using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;

namespace MultiArch.Oci.Publishing;

/// <summary>A layout or an archive may hold images of several names, such as all that <c>docker save</c> was told: one of them has to be meant.</summary>
internal static class SeveralImages
{
    /// <param name="index">What the base's entries were read from: its index.json, if no image is chosen in it.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.BaseNotFound"/>: an entry with a name is an index itself, so that this is no list of platforms.</exception>
    public static void Refuse(BaseReference reference, ImageIndex index)
    {
        if (index.Manifests.Any(entry => MediaTypes.IsIndex(entry.MediaType) && NameOf(entry) is not null))
        {
            throw NoneIsMeant(reference, index.Manifests);
        }
    }

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.BaseNotFound"/>: two entries of different names are both for the platform.</exception>
    public static void Refuse(BaseReference reference, Descriptor entry, Descriptor other)
    {
        if (NameOf(entry) is { } name && NameOf(other) is { } otherName && name != otherName && entry.Digest != other.Digest)
        {
            throw NoneIsMeant(reference, [entry, other]);
        }
    }

    /// <summary>The tag of an entry of index.json; null in an index of a registry.</summary>
    public static string? NameOf(Descriptor entry) => entry.Annotations?.GetValueOrDefault(ImageLayoutFile.ReferenceName);

    private static MultiArchException NoneIsMeant(BaseReference reference, IEnumerable<Descriptor> entries) => new(
        DiagnosticCodes.BaseNotFound,
        $"The base image '{reference}' is one of several: {string.Join(", ", entries.Take(5).Select(entry => OneLine.Of(NameOf(entry) ?? entry.Digest.ToString(), 80)))}. "
        + "Copy the one that you mean to a place of its own, with skopeo copy --all for example, or give it the tag latest, and name that in ContainerBaseImage.");
}

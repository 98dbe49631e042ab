namespace MultiArch.Oci.Audit;

/// <summary>Reads what <c>MultiArchImageReference</c> names.</summary>
public static class AuditedReference
{
    public const string Setting = "MultiArchImageReference";

    /// <summary>As skopeo and podman write a registry's.</summary>
    private const string RegistryPrefix = "docker://";

    /// <param name="text">As the user wrote it.</param>
    /// <param name="folder">Absolute; what a relative path is relative to.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidImageReference"/>.</exception>
    public static ImageLocation Parse(string text, string folder)
    {
        try
        {
            return text.Length == 0 ? throw new FormatException("it is empty")
                : text.StartsWith(RegistryPrefix, StringComparison.Ordinal) ? new ImageLocation.Registry(ImageReference.Parse(text[RegistryPrefix.Length..]))
                : ImageLocation.Parse(text, folder);
        }
        catch (FormatException e)
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidImageReference,
                $"{Setting} '{OneLine.Of(text)}' cannot be used: {OneLine.Of(e.Message)}. Name an image such as ghcr.io/me/app:1.0, an OCI layout as oci:<folder>, or an archive of one as oci-archive:<file>.");
        }
    }
}

namespace MultiArch.Oci.Audit;

/// <summary>Where an image lies that is to be looked at: in a registry, in an OCI image layout (<c>oci:folder</c>), or in an archive of one (<c>oci-archive:file</c>).</summary>
public abstract record ImageLocation
{
    private const string LayoutPrefix = "oci:";
    private const string ArchivePrefix = "oci-archive:";

    /// <summary>As skopeo and podman write a registry's.</summary>
    private const string RegistryPrefix = "docker://";

    private ImageLocation()
    {
    }

    /// <param name="text">As the user wrote it.</param>
    /// <param name="folder">Absolute; what a relative path is relative to.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidImageReference"/>.</exception>
    public static ImageLocation Parse(string text, string folder)
    {
        if (TryPath(text, LayoutPrefix, folder) is { } layout)
        {
            return new Layout(layout);
        }

        if (TryPath(text, ArchivePrefix, folder) is { } archive)
        {
            return new Archive(archive);
        }

        try
        {
            return text.Length > 0 ? new Registry(ImageReference.Parse(text.StartsWith(RegistryPrefix, StringComparison.Ordinal) ? text[RegistryPrefix.Length..] : text)) : throw Invalid(text, "it is empty");
        }
        catch (FormatException e)
        {
            throw Invalid(text, e.Message);
        }
    }

    private static string? TryPath(string text, string prefix, string folder)
    {
        if (!text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var path = text[prefix.Length..];
        return path.Length > 0 && !path.Contains('\0') ? Path.GetFullPath(path, folder) : throw Invalid(text, "it names no path");
    }

    private static MultiArchException Invalid(string text, string why) => new(
        DiagnosticCodes.InvalidImageReference,
        $"MultiArchImageReference '{OneLine.Of(text)}' cannot be used: {OneLine.Of(why)}. Name an image such as ghcr.io/me/app:1.0, an OCI layout as oci:<folder>, or an archive of one as oci-archive:<file>.");

    public sealed record Registry(ImageReference Image) : ImageLocation
    {
        public override string ToString() => Image.ToString();
    }

    /// <param name="Folder">Absolute.</param>
    public sealed record Layout(string Folder) : ImageLocation
    {
        public override string ToString() => LayoutPrefix + Folder;
    }

    /// <param name="File">Absolute.</param>
    public sealed record Archive(string File) : ImageLocation
    {
        public override string ToString() => ArchivePrefix + File;
    }
}

namespace MultiArch.Oci.Audit;

/// <summary>Reads what <c>MultiArchImageReference</c> names.</summary>
public static class AuditedReference
{
    public const string Setting = "MultiArchImageReference";

    /// <summary>As skopeo and podman write a registry's.</summary>
    private const string RegistryPrefix = "docker://";

    /// <summary>Of skopeo and podman; each could be a repository of docker.io with a tag.</summary>
    private static readonly string[] OtherTransports = ["containers-storage:", "dir:", "docker-archive:", "docker-daemon:", "ostree:", "sif:"];

    /// <param name="text">As the user wrote it.</param>
    /// <param name="folder">Absolute; what a relative path is relative to.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidImageReference"/>.</exception>
    public static ImageLocation Parse(string text, string folder)
    {
        try
        {
            return text.Length == 0 ? throw new FormatException("it is empty")
                : text.StartsWith(RegistryPrefix, StringComparison.Ordinal) ? new ImageLocation.Registry(ImageReference.Parse(text[RegistryPrefix.Length..]))
                : IsOnDisk(text, folder) is { } why ? throw new FormatException(why)
                : WithName(ImageLocation.Parse(text, folder));
        }
        catch (FormatException e)
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidImageReference,
                $"{Setting} '{OneLine.Of(text)}' cannot be used: {OneLine.Of(e.Message)}. Name an image such as ghcr.io/me/app:1.0, an OCI layout as oci:<folder>, or an archive of one as oci-archive:<file>, each with :<tag> where it has several images.");
        }
    }

    /// <summary>A path without a prefix would be looked for at docker.io, where a stranger may have an image of that name.</summary>
    private static string? IsOnDisk(string text, string folder)
    {
        var path = text.Contains('\0', StringComparison.Ordinal) ? "" : Path.GetFullPath(text, folder);
        return Directory.Exists(path) ? "it is a folder, and without a prefix an image in a registry is meant"
            : File.Exists(path) ? "it is a file, and without a prefix an image in a registry is meant"
            : OtherTransports.FirstOrDefault(transport => text.StartsWith(transport, StringComparison.Ordinal)) is { } other ? $"{other} is not read"
            : null;
    }

    /// <summary>skopeo writes a tag behind the path. A path that exists as it stands has none; of one that does not, the part before a colon has to.</summary>
    /// <remarks>https://github.com/containers/image/blob/v5.34.0/docs/containers-transports.5.md</remarks>
    private static ImageLocation WithName(ImageLocation location) => location switch
    {
        ImageLocation.Layout { Folder: var path } when Split(path, Directory.Exists) is var (folder, name) => new ImageLocation.Layout(folder, name),
        ImageLocation.Archive { File: var path } when Split(path, File.Exists) is var (file, name) => new ImageLocation.Archive(file, name),
        _ => location,
    };

    /// <returns>Null when the path holds no name.</returns>
    private static (string Path, string Name)? Split(string text, Predicate<string> exists)
    {
        if (Path.Exists(text))
        {
            return null;
        }

        for (var colon = text.IndexOf(':'); colon >= 0; colon = text.IndexOf(':', colon + 1))
        {
            if (colon < text.Length - 1 && exists(text[..colon]))
            {
                return (text[..colon], text[(colon + 1)..]);
            }
        }

        return null;
    }
}

namespace MultiArch.Oci;

/// <summary>Where an image lies that is read: in a registry, in an OCI image layout (<c>oci:folder</c>), or in an archive of one (<c>oci-archive:file</c>).</summary>
public abstract record ImageLocation
{
    private const string LayoutPrefix = "oci:";
    private const string ArchivePrefix = "oci-archive:";

    private ImageLocation()
    {
    }

    /// <summary>The tag or digest by which the image is asked for there; where nothing is tagged so, the only image is meant.</summary>
    public virtual string Reference => "latest";

    /// <param name="text">As the user wrote it.</param>
    /// <param name="folder">Absolute; what the path of a layout or an archive is relative to.</param>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static ImageLocation Parse(string text, string folder) =>
        TryPath(text, LayoutPrefix, folder) is { } layout ? new Layout(layout)
        : TryPath(text, ArchivePrefix, folder) is { } archive ? new Archive(archive)
        : new Registry(ImageReference.Parse(text));

    private static string Suffix(string? name) => name is null ? "" : $":{name}";

    private static string? TryPath(string text, string prefix, string folder)
    {
        if (!text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var path = text[prefix.Length..];
        return path.Length > 0 && !path.Contains('\0') ? Path.GetFullPath(path, folder) : throw new FormatException($"there is no path after {prefix}");
    }

    public sealed record Registry(ImageReference Image) : ImageLocation
    {
        public override string Reference => Image.Reference;

        public override string ToString() => Image.ToString();
    }

    /// <param name="Folder">Absolute.</param>
    /// <param name="Name">Of the one image that is meant, as <c>index.json</c> has it; null where the place tells enough.</param>
    public sealed record Layout(string Folder, string? Name = null) : ImageLocation
    {
        public override string Reference => Name ?? base.Reference;

        public override string ToString() => LayoutPrefix + Folder + Suffix(Name);
    }

    /// <param name="File">Absolute.</param>
    /// <param name="Name">As of a <see cref="Layout"/>.</param>
    public sealed record Archive(string File, string? Name = null) : ImageLocation
    {
        public override string Reference => Name ?? base.Reference;

        public override string ToString() => ArchivePrefix + File + Suffix(Name);
    }
}

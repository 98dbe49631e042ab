namespace MultiArch.Oci.Images;

/// <summary>What <c>ContainerBaseImage</c> names: an image in a registry, an OCI image layout (<c>oci:folder</c>), an archive of one
/// (<c>oci-archive:file</c>), or nothing (<c>scratch</c>).</summary>
public abstract record BaseReference
{
    private const string LayoutPrefix = "oci:";
    private const string ArchivePrefix = "oci-archive:";

    private BaseReference()
    {
    }

    /// <param name="text">As the user wrote it.</param>
    /// <param name="folder">Absolute; what the path of a layout or an archive is relative to.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidBaseImage"/>.</exception>
    public static BaseReference Parse(string text, string folder)
    {
        if (text == "scratch")
        {
            return Scratch.Instance;
        }

        if (text.StartsWith(LayoutPrefix, StringComparison.Ordinal))
        {
            return new Layout(ReadPath(text, LayoutPrefix, folder));
        }

        if (text.StartsWith(ArchivePrefix, StringComparison.Ordinal))
        {
            return new Archive(ReadPath(text, ArchivePrefix, folder));
        }

        try
        {
            return new Registry(ImageReference.Parse(text));
        }
        catch (FormatException e)
        {
            throw Invalid(text, e.Message);
        }
    }

    private static string ReadPath(string text, string prefix, string folder)
    {
        var path = text[prefix.Length..];
        return path.Length > 0 && !path.Contains('\0')
            ? Path.GetFullPath(path, folder)
            : throw Invalid(text, $"there is no path after {prefix}");
    }

    private static MultiArchException Invalid(string text, string why) => new(
        DiagnosticCodes.InvalidBaseImage,
        $"ContainerBaseImage '{text}' cannot be used: {why}. Name an image such as mcr.microsoft.com/dotnet/aspnet:10.0, an OCI layout as oci:<folder>, an OCI archive as oci-archive:<file>, or scratch.");

    public sealed record Scratch : BaseReference
    {
        public static Scratch Instance { get; } = new();

        public override string ToString() => "scratch";
    }

    /// <param name="Folder">Absolute.</param>
    public sealed record Layout(string Folder) : BaseReference
    {
        public override string ToString() => LayoutPrefix + Folder;
    }

    /// <param name="File">Absolute.</param>
    public sealed record Archive(string File) : BaseReference
    {
        public override string ToString() => ArchivePrefix + File;
    }

    public sealed record Registry(ImageReference Image) : BaseReference
    {
        public override string ToString() => Image.ToString();
    }
}

namespace MultiArch.Oci.Images;

/// <summary>What <c>ContainerBaseImage</c> names: an image, wherever it lies, or nothing (<c>scratch</c>).</summary>
public abstract record BaseReference
{
    private BaseReference()
    {
    }

    /// <param name="text">As the user wrote it.</param>
    /// <param name="folder">Absolute; what the path of a layout or an archive is relative to.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidBaseImage"/>.</exception>
    public static BaseReference Parse(string text, string folder)
    {
        try
        {
            return text == "scratch" ? Scratch.Instance : new Image(ImageLocation.Parse(text, folder));
        }
        catch (FormatException e)
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidBaseImage,
                $"ContainerBaseImage '{text}' cannot be used: {OneLine.Sentence(e.Message)} Name an image such as mcr.microsoft.com/dotnet/aspnet:10.0, an OCI layout as oci:<folder>, an OCI archive as oci-archive:<file>, or scratch.");
        }
    }

    public sealed record Scratch : BaseReference
    {
        public static Scratch Instance { get; } = new();

        public override string ToString() => "scratch";
    }

    public sealed record Image(ImageLocation Location) : BaseReference
    {
        public override string ToString() => Location.ToString()!; // each kind of location writes itself
    }
}

namespace MultiArch.Oci;

/// <summary>The family of media types of a whole index; nothing else differs.</summary>
public enum ImageFormat
{
    Oci,
    Docker,
}

using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>Reads the property ContainerImageFormat.</summary>
internal static class ImageFormats
{
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidImageFormat"/>.</exception>
    public static ImageFormat Parse(string text) => text.ToUpperInvariant() switch
    {
        "" or "OCI" => ImageFormat.Oci,
        "DOCKER" => ImageFormat.Docker,
        _ => throw new MultiArchException(DiagnosticCodes.InvalidImageFormat, $"ContainerImageFormat '{text}' is unknown. Set it to OCI or Docker."),
    };
}

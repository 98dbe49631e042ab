using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Images;

/// <summary>One platform of a base image, its documents already read and found to agree.</summary>
/// <param name="Reference">Where it came from.</param>
/// <param name="Digest">Of the platform's manifest; null for <c>scratch</c>.</param>
/// <param name="Layers">Descriptors of the layers, as the base's manifest has them.</param>
public sealed record BaseImage(BaseReference Reference, Digest? Digest, IReadOnlyList<Descriptor> Layers, ImageConfig Config)
{
    public static BaseImage Scratch(Platform platform) => new(BaseReference.Scratch.Instance, null, [], ImageConfig.Empty(platform));
}

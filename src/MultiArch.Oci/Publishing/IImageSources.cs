using MultiArch.Oci.Images;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Opens the stores that a publish reads. One publish asks once for each distinct reference; whoever gives the store out disposes it.</summary>
public interface IImageSources
{
    /// <summary>The store that holds a base image.</summary>
    IImageStore Open(BaseReference reference);

    /// <summary>The store that holds an image of which layers may be taken.</summary>
    IImageStore OpenCache(ImageReference reference);
}

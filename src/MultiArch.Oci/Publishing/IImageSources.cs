using MultiArch.Oci.Images;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Opens the store that holds a base image. One publish asks once for each distinct reference; whoever gives the store out disposes it.</summary>
public interface IImageSources
{
    IImageStore Open(BaseReference reference);
}

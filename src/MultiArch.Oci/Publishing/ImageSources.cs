using MultiArch.Oci.Images;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Opens base images over one connection pool, and closes what it opened.</summary>
public sealed class ImageSources(RegistryTransport transport) : IImageSources, IDisposable
{
    private readonly List<IDisposable> _opened = [];

    public IImageStore Open(BaseReference reference)
    {
        switch (reference)
        {
            case BaseReference.Registry { Image: var image }:
                return MirroredRepository.Open(image, transport, setting: "ContainerBaseImage");
            case BaseReference.Layout { Folder: var folder }:
                var layout = ImageLayout.Open(folder);
                lock (_opened)
                {
                    _opened.Add(layout);
                }

                return layout;
            default:
                throw new ArgumentException($"'{reference}' has no store.", nameof(reference));
        }
    }

    public IImageStore OpenCache(ImageReference reference) => MirroredRepository.Open(reference, transport, setting: "MultiArchCacheFrom");

    public void Dispose() => _opened.ForEach(opened => opened.Dispose());
}

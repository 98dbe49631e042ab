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
                return Keep(ImageLayout.Open(folder));
            case BaseReference.Archive { File: var file }:
                return Keep(ReadOnlyArchive.Open(file));
            default:
                throw new ArgumentException($"'{reference}' has no store.", nameof(reference));
        }
    }

    public IImageStore OpenCache(ImageReference reference) => MirroredRepository.Open(reference, transport, setting: "MultiArchCacheFrom");

    /// <summary>The store that holds an image which shall become part of an index.</summary>
    public IImageStore OpenChild(ImageReference reference) => MirroredRepository.Open(reference, transport, setting: "MultiArchCombineFrom");

    public void Dispose() => _opened.ForEach(opened => opened.Dispose());

    private T Keep<T>(T opened)
        where T : IDisposable
    {
        lock (_opened)
        {
            _opened.Add(opened);
        }

        return opened;
    }
}

using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Audit;

/// <summary>Opens an image that is only read, wherever it lies, and closes what it opened.</summary>
public sealed class ImageStores(RegistryTransport transport) : IDisposable
{
    private readonly List<IDisposable> _opened = [];

    /// <exception cref="MultiArchException">There is no such layout or archive, or the registry's name is wrong.</exception>
    public IImageStore Open(ImageLocation location) => location switch
    {
        ImageLocation.Registry { Image: var image } => MirroredRepository.Open(image, transport, setting: "MultiArchImageReference"),
        ImageLocation.Layout { Folder: var folder } => Keep(ImageLayout.Open(folder)),
        ImageLocation.Archive { File: var file } => Keep(ReadOnlyArchive.Open(file)),
        _ => throw new ArgumentException($"'{location}' has no store.", nameof(location)),
    };

    public void Dispose() => _opened.ForEach(opened => opened.Dispose());

    private T Keep<T>(T opened)
        where T : IDisposable
    {
        _opened.Add(opened);
        return opened;
    }
}

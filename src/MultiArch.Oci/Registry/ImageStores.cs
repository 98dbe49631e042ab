using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Registry;

/// <summary>Opens images that are only read, wherever they lie, over one connection pool, and closes what it opened.</summary>
public sealed class ImageStores(RegistryTransport transport) : IDisposable
{
    private readonly List<IDisposable> _opened = [];

    /// <param name="setting">The property that names the image, for messages.</param>
    /// <exception cref="MultiArchException">There is no such layout or archive, or the registry's name is wrong.</exception>
    public IImageStore Open(ImageLocation location, string setting) => location switch
    {
        ImageLocation.Registry { Image: var image } => MirroredRepository.Open(image, transport, setting),
        ImageLocation.Layout(var folder, var name) => Keep(ImageLayout.Open(folder, isNamed: name is not null)),
        ImageLocation.Archive(var file, var name) => Keep(ReadOnlyArchive.Open(file, isNamed: name is not null)),
        _ => throw new ArgumentException($"'{location}' has no store.", nameof(location)),
    };

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

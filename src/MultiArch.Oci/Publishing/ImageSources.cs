using MultiArch.Oci.Images;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Opens what a publish or a combine reads, each under the property that named it, over one connection pool, and closes what it opened.</summary>
public sealed class ImageSources(RegistryTransport transport) : IImageSources, IDisposable
{
    private readonly ImageStores _stores = new(transport);

    public IImageStore Open(BaseReference reference) => reference is BaseReference.Image { Location: var location }
        ? _stores.Open(location, setting: "ContainerBaseImage")
        : throw new ArgumentException($"'{reference}' has no store.", nameof(reference));

    public IImageStore OpenCache(ImageReference reference) => _stores.Open(new ImageLocation.Registry(reference), setting: "MultiArchCacheFrom");

    /// <summary>The store that holds an image which shall become part of an index.</summary>
    public IImageStore OpenChild(ImageReference reference) => _stores.Open(new ImageLocation.Registry(reference), setting: "MultiArchCombineFrom");

    public void Dispose() => _stores.Dispose();
}

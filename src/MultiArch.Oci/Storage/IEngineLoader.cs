using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>How one engine takes an image and its tags.</summary>
internal interface IEngineLoader
{
    /// <summary>Registry and repository as the engine shows them.</summary>
    string Name { get; }

    string Command { get; }

    /// <param name="images">Holds the image with all that it names.</param>
    /// <param name="image">A manifest or an index.</param>
    Task LoadAsync(IImageStore images, Document image, IReadOnlyList<string> tags, CancellationToken cancellationToken);
}

using MultiArch.Oci.Contents;
using MultiArch.Oci.Images;

namespace MultiArch.Oci.Publishing;

/// <summary>Finds a platform's base image and reads what it holds.</summary>
/// <param name="documentFolder">As of <see cref="PublishRequest.DocumentFolder"/>: what registries said of bases is asked for once.</param>
/// <param name="reader">Reads and keeps the trees.</param>
public sealed class BaseTrees(IImageSources sources, string? documentFolder, ImageTreeReader reader)
{
    private readonly BaseImageReader _bases = new(sources, new BaseDocuments(documentFolder));

    /// <summary>Finds the base, and reads none of its layers.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    /// <returns>The base.</returns>
    public async Task<BaseImage> FindAsync(BaseReference reference, Platform platform, Digest? locked, CancellationToken cancellationToken) =>
        (await _bases.ReadAsync(reference, platform, locked, cancellationToken)).Image;

    /// <param name="locked">As of <see cref="BaseImageReader.ReadAsync"/>.</param>
    /// <returns>The base, and its tree; an empty tree for <c>scratch</c>.</returns>
    /// <exception cref="MultiArchException">The base cannot be used or not be read.</exception>
    public async Task<(BaseImage Image, MergedTree Tree)> ReadAsync(BaseReference reference, Platform platform, Digest? locked, CancellationToken cancellationToken)
    {
        var (image, store) = await _bases.ReadAsync(reference, platform, locked, cancellationToken);
        var tree = store is not null && image.Digest is { } manifest
            ? await reader.ReadAsync(store, reference.ToString()!, manifest, image.Layers, image.Config.RootFS.DiffIds, cancellationToken)
            : new MergedTree();
        return (image, tree);
    }
}

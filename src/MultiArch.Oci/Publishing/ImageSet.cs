using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>The images of all platforms and the index that joins them, assembled.</summary>
/// <param name="Images">In the order of the plans.</param>
/// <param name="Index">Null when a single manifest was asked for.</param>
internal sealed record ImageSet(IReadOnlyList<AssembledImage> Images, Document? Index)
{
    /// <summary>What the tags shall point at.</summary>
    public Document Target => Index ?? Images[0].Manifest;

    /// <param name="layerOf">What a recipe became.</param>
    /// <exception cref="MultiArchException">What no image or index can be.</exception>
    public static ImageSet Assemble(PublishRequest request, IReadOnlyList<PlatformImage> platforms, Func<LayerRecipe, Layer> layerOf)
    {
        var images = platforms
            .Select(platform => ImageAssembler.Assemble(platform.Base, platform.Plan, [.. platform.Recipes.Select(layerOf)], request.Format))
            .ToList();
        return new ImageSet(images, request.SingleManifest ? null : IndexAssembler.Assemble(images, request.Format, request.IndexAnnotations));
    }

    /// <param name="writes">How each blob came to be at the destination.</param>
    /// <param name="starts">As of <see cref="PublishReport.Starts"/>.</param>
    public PublishReport Report(
        PublishRequest request, IReadOnlyList<PlatformImage> platforms, Func<Digest, BlobWrite> writes, bool starts) =>
        new(Index, [.. platforms.Zip(Images, (platform, image) => Describe(platform, image, writes))], request.MovingTags, starts)
        {
            TagsIntended = request.Tags,
            IndexAnnotations = request.IndexAnnotations,
        };

    private static PublishedImage Describe(PlatformImage platform, AssembledImage image, Func<Digest, BlobWrite> writes)
    {
        var titles = Enumerable.Repeat<string?>(null, platform.Base.Layers.Count).Concat(platform.Recipes.Select(recipe => recipe.Title));
        var config = ImageConfig.Parse(image.Config.Bytes.Span);
        var layers = image.Content.Layers
            .Zip(config.RootFS.DiffIds, titles)
            .Select(layer => new PublishedLayer(layer.First, layer.Second, layer.Third, writes(layer.First.Digest)));
        return new PublishedImage(
            image.RuntimeIdentifier,
            image.Platform,
            image.Manifest,
            image.Config,
            NameOf(platform),
            platform.Base.Digest,
            [.. layers],
            [.. config.Config?.ExposedPorts?.Keys ?? []]);
    }

    /// <summary>A path as the project wrote it: where it lies on this machine says nothing of the image.</summary>
    private static string NameOf(PlatformImage platform) =>
        platform.Base.Reference is BaseReference.Image { Location: not ImageLocation.Registry } ? platform.Plan.BaseImage : platform.Base.Reference.ToString()!;
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiArch.Oci.Publishing;

/// <summary>A publish as <c>image.json</c> tells it. It depends on the image and its names alone: a publish that changes nothing writes the same bytes.</summary>
/// <remarks>docs/image.schema.json describes it for those who read it; members are added there and here, never renamed within a version.</remarks>
/// <param name="Name">What comes before <c>@digest</c>: registry and repository, or a path.</param>
/// <param name="Names">With tags, as clients name the image; none for a layout.</param>
/// <param name="Digest">What the tags point at, as <paramref name="MediaType"/> and <paramref name="Size"/> are.</param>
/// <param name="Index">Null for a single manifest.</param>
/// <param name="Platforms">In the order of the index.</param>
public sealed record ImageReport(
    int SchemaVersion,
    string Name,
    IReadOnlyList<string> Names,
    IReadOnlyList<string> Tags,
    string MediaType,
    Digest Digest,
    long Size,
    ImageReport.Document? Index,
    IReadOnlyList<ImageReport.Image> Platforms)
{
    private const int CurrentVersion = 1;

    public static ImageReport Create(PublishReport report, string name, IReadOnlyList<string> names) => new(
        CurrentVersion,
        name,
        names,
        report.Tags,
        report.Target.MediaType,
        report.Target.Digest,
        report.Target.Bytes.Length,
        report.Index is { } index ? new Document(index.MediaType, index.Digest, index.Bytes.Length) : null,
        [.. report.Images.OrderBy(image => image.Platform.ToString(), StringComparer.Ordinal).Select(Describe)]);

    /// <returns>JSON with a line break at its end.</returns>
    public byte[] ToUtf8Bytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, ImageReportJson.File.ImageReport), (byte)'\n'];

    private static Image Describe(PublishedImage image) => new(
        image.RuntimeIdentifier,
        image.Platform.ToString(),
        image.Manifest.MediaType,
        image.Manifest.Digest,
        image.Manifest.Bytes.Length,
        new Base(image.BaseName, image.BaseDigest),
        [.. image.Layers.Select(layer => new Layer(layer.Descriptor.MediaType, layer.Descriptor.Digest, layer.Descriptor.Size, layer.DiffId, layer.Title))]);

    /// <param name="Size">Bytes.</param>
    public sealed record Document(string MediaType, Digest Digest, long Size);

    /// <param name="Digest">Of the manifest, as <paramref name="MediaType"/> and <paramref name="Size"/> are.</param>
    public sealed record Image(string RuntimeIdentifier, string Platform, string MediaType, Digest Digest, long Size, Base Base, IReadOnlyList<Layer> Layers);

    /// <param name="Digest">Of the base's manifest for the platform; null for <c>scratch</c>.</param>
    public sealed record Base(string Name, Digest? Digest);

    /// <param name="Size">Compressed bytes.</param>
    /// <param name="Title">What the layer holds; null for a layer of the base.</param>
    public sealed record Layer(string MediaType, Digest Digest, long Size, Digest DiffId, string? Title);
}

[JsonSerializable(typeof(ImageReport))]
internal sealed partial class ImageReportJson : JsonSerializerContext
{
    public static ImageReportJson File { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    });
}

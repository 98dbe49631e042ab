using System.Text.Json.Serialization;
using MultiArch.Oci.Images;

namespace MultiArch.Oci.Publishing;

/// <summary>A publish as <c>image.json</c> tells it: what the image is, and in <see cref="Publish"/> and each layer's <c>transfer</c> what it took to make it.</summary>
/// <remarks>docs/image.schema.json describes it for those who read it; members are added there and here, never renamed within a version.</remarks>
/// <param name="Project">The project's name without its extension; null when it is none's.</param>
/// <param name="Name">What comes before <c>@digest</c>: registry and repository, or a path.</param>
/// <param name="Registry">Null when the image is in none.</param>
/// <param name="Repository">As it was meant, wherever the image is; null when none can be named.</param>
/// <param name="Names">With tags, as clients name the image; none for a layout.</param>
/// <param name="Tags">Those that point at the image.</param>
/// <param name="TagsIntended">Those that shall, now or when the image is whole.</param>
/// <param name="Digest">What the tags point at, as <paramref name="MediaType"/> and <paramref name="Size"/> are.</param>
/// <param name="Index">Null for a single manifest.</param>
/// <param name="Platforms">In the order of the index.</param>
public sealed record ImageReport(
    int SchemaVersion,
    string? Project,
    string Name,
    string? Registry,
    string? Repository,
    IReadOnlyList<string> Names,
    IReadOnlyList<string> Tags,
    IReadOnlyList<string> TagsIntended,
    string MediaType,
    Digest Digest,
    long Size,
    ImageReport.Document? Index,
    IReadOnlyList<ImageReport.Image> Platforms,
    ImageReport.Course Publish)
{
    public const int CurrentVersion = 1;

    /// <summary>Of the index, whether it is made already or when platforms that were pushed by digest are combined.</summary>
    /// <remarks>The deserializer sets null where a file, such as one of an earlier version, lacks it.</remarks>
    public IReadOnlyDictionary<string, string> IndexAnnotations { get; init => field = value ?? ImageAnnotations.None; } = ImageAnnotations.None;

    public static ImageReport Create(PublishReport report, Naming naming) => new(
        CurrentVersion,
        naming.Project,
        naming.Name,
        naming.Registry,
        naming.Repository,
        naming.Names,
        report.Tags,
        report.TagsIntended,
        report.Target.MediaType,
        report.Target.Digest,
        report.Target.Bytes.Length,
        report.Index is { } index ? new Document(index.MediaType, index.Digest, index.Bytes.Length) : null,
        [.. report.Images.OrderBy(image => image.Platform.ToString(), StringComparer.Ordinal).Select(Describe)],
        new Course(report.Times.StartedAt, Seconds.Of(report.Times), report.BytesSent))
    {
        IndexAnnotations = new SortedDictionary<string, string>(report.IndexAnnotations.ToDictionary(), StringComparer.Ordinal),
    };

    /// <exception cref="FormatException">The bytes are no <c>image.json</c> that this version understands; the message says why.</exception>
    public static ImageReport Parse(ReadOnlySpan<byte> bytes) => ImageReportJson.Parse(bytes);

    /// <returns>JSON with a line break at its end.</returns>
    public byte[] ToUtf8Bytes() => ImageReportJson.Write(this);

    /// <summary>Whether nothing had to be sent or mounted: what the report describes was there.</summary>
    [JsonIgnore]
    public bool FoundAllThere => Publish.BytesSent == 0 && Platforms.SelectMany(platform => platform.Layers).All(layer => layer.Transfer == Layer.Reused);

    /// <summary>Whether both describe one image under the same names, whatever it took to make it.</summary>
    public bool IsOfSameImageAs(ImageReport other) => ImageOnly().ToUtf8Bytes().AsSpan().SequenceEqual(other.ImageOnly().ToUtf8Bytes());

    private ImageReport ImageOnly() => this with
    {
        Platforms = [.. Platforms.Select(platform => platform with { Layers = [.. platform.Layers.Select(layer => layer with { Transfer = Layer.Reused })] })],
        Publish = new Course(default, new Seconds(0, 0, 0, 0), 0),
    };

    private static Image Describe(PublishedImage image) => new(
        image.RuntimeIdentifier,
        image.Platform.ToString(),
        image.Manifest.MediaType,
        image.Manifest.Digest,
        image.Manifest.Bytes.Length,
        image.BaseName is null ? null : new Base(image.BaseName, image.BaseDigest),
        [.. image.Layers.Select(Layer.Of)]);

    /// <summary>What the destination and the project call an image.</summary>
    /// <inheritdoc cref="ImageReport"/>
    public sealed record Naming(string? Project, string Name, string? Registry, string? Repository, IReadOnlyList<string> Names);

    /// <param name="Size">Bytes.</param>
    public sealed record Document(string MediaType, Digest Digest, long Size);

    /// <param name="RuntimeIdentifier">Null when it is not known, as of an image that another tool has made.</param>
    /// <param name="Digest">Of the manifest, as <paramref name="MediaType"/> and <paramref name="Size"/> are.</param>
    /// <param name="Base">Null when it is not known.</param>
    public sealed record Image(string? RuntimeIdentifier, string Platform, string MediaType, Digest Digest, long Size, Base? Base, IReadOnlyList<Layer> Layers);

    /// <param name="Digest">Of the base's manifest for the platform; null for <c>scratch</c>.</param>
    public sealed record Base(string Name, Digest? Digest);

    /// <param name="Size">Compressed bytes.</param>
    /// <param name="Title">What the layer holds; null for a layer of the base.</param>
    /// <param name="Transfer">How it came to be at the destination: <c>uploaded</c> (a layout's and an archive's are written), <c>mounted</c> or <c>reused</c>.</param>
    public sealed record Layer(string MediaType, Digest Digest, long Size, Digest DiffId, string? Title, string Transfer)
    {
        internal const string Reused = "reused";

        [JsonIgnore]
        public bool WasSent => Transfer == "uploaded";

        internal static Layer Of(PublishedLayer layer) => new(
            layer.Descriptor.MediaType, layer.Descriptor.Digest, layer.Descriptor.Size, layer.DiffId, layer.Title, layer.Write.ToString().ToLowerInvariant());
    }

    /// <summary>How the publish went that last sent something of the image.</summary>
    /// <param name="BytesSent">Of layers and configurations.</param>
    public sealed record Course(DateTimeOffset StartedAt, Seconds Seconds, long BytesSent);

    /// <inheritdoc cref="PublishTimes"/>
    public sealed record Seconds(double Preparing, double Sending, double Completing, double Total)
    {
        internal static Seconds Of(PublishTimes times) => new(Round(times.Preparing), Round(times.Sending), Round(times.Completing), Round(times.Total));

        private static double Round(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
    }
}

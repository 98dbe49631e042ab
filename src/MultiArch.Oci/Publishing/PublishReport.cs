using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>What one publish has made, all of it stored.</summary>
/// <param name="Index">Null when a single manifest was asked for.</param>
/// <param name="Images">In the order of the plans.</param>
/// <param name="Tags">Those that point at <see cref="Target"/> now.</param>
/// <param name="Starts">False when an image is known to lack what its command needs.</param>
public sealed record PublishReport(Document? Index, IReadOnlyList<PublishedImage> Images, IReadOnlyList<string> Tags, bool Starts)
{
    /// <summary>Those that shall point at the image, now or when it is whole.</summary>
    public IReadOnlyList<string> TagsIntended { get; init; } = Tags;

    /// <summary>Of the index, whether it is made now or when platforms that were pushed by digest are combined.</summary>
    public IReadOnlyDictionary<string, string> IndexAnnotations { get; init; } = ImageAnnotations.None;

    /// <summary>Of layers and configurations, as far as they were sent.</summary>
    public long BytesSent { get; init; }

    public PublishTimes Times { get; init; } = new(default, default, default, default);

    /// <summary>What the tags point at: the index, or the only manifest.</summary>
    public Document Target => Index ?? Images[0].Manifest;
}

/// <summary>One platform of the image.</summary>
/// <param name="RuntimeIdentifier">Null for an image of which nobody says from which it was published.</param>
/// <param name="BaseName">Registry reference in full, <c>oci:folder</c> or <c>oci-archive:file</c> as the project wrote it, or <c>scratch</c>; null for an image of which nobody says on what it stands.</param>
/// <param name="BaseDigest">Of the base's manifest for the platform; null for <c>scratch</c>.</param>
/// <param name="Layers">The base's first.</param>
/// <param name="ExposedPorts">Such as <c>8080/tcp</c>.</param>
public sealed record PublishedImage(
    string? RuntimeIdentifier,
    Platform Platform,
    Document Manifest,
    Document Config,
    string? BaseName,
    Digest? BaseDigest,
    IReadOnlyList<PublishedLayer> Layers,
    IReadOnlyList<string> ExposedPorts);

/// <param name="Title">What the layer holds; null for a layer of the base.</param>
/// <param name="Write">How it came to be at the destination.</param>
public sealed record PublishedLayer(Descriptor Descriptor, Digest DiffId, string? Title, BlobWrite Write);

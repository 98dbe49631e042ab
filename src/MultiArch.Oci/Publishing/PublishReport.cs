using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>What one publish has made, all of it stored.</summary>
/// <param name="Tags">Those that point at the index now.</param>
/// <param name="Starts">False when an image is known to lack what its command needs.</param>
public sealed record PublishReport(Descriptor Index, IReadOnlyList<PublishedImage> Images, IReadOnlyList<string> Tags, bool Starts);

/// <summary>One platform of the index.</summary>
/// <param name="BaseDigest">Of the base's manifest for the platform; null for <c>scratch</c>.</param>
/// <param name="ExposedPorts">Such as <c>8080/tcp</c>.</param>
public sealed record PublishedImage(
    string RuntimeIdentifier,
    Platform Platform,
    Descriptor Manifest,
    Digest? BaseDigest,
    IReadOnlyList<PublishedLayer> Layers,
    IReadOnlyList<string> ExposedPorts);

/// <param name="Title">What the layer holds; null for a layer of the base.</param>
/// <param name="Write">How it came to be at the destination.</param>
public sealed record PublishedLayer(Descriptor Descriptor, Digest DiffId, string? Title, BlobWrite Write);

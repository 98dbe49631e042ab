using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing.Combining;

/// <summary>One platform's image, that exists and shall be named by an index.</summary>
/// <param name="Source">Where it comes from, for messages.</param>
/// <param name="Entry">As it stands in the index; has a platform.</param>
/// <param name="Config">Of media type and bytes as they are stored.</param>
/// <param name="Store">Holds all of it.</param>
internal sealed record Child(string Source, Descriptor Entry, Platform Platform, Document Manifest, ImageManifest Content, Document Config, ImageConfig Settings, IImageStore Store)
{
    /// <summary>Those about this image; they stand in its index.</summary>
    public IReadOnlyList<Attestation> Attestations { get; init; } = [];

    /// <summary>What its publish has said of it; null where nobody has.</summary>
    public ImageReport.Image? Told { get; init; }
}

/// <summary>What BuildKit says of how an image was made: a manifest beside it in the index, for the platform unknown/unknown.</summary>
/// <remarks>https://github.com/moby/buildkit/blob/v0.21.0/docs/attestations/attestation-storage.md</remarks>
internal sealed record Attestation(Descriptor Entry, Document Manifest, ImageManifest Content)
{
    private const string Subject = "vnd.docker.reference.digest";

    /// <returns>Null for an entry that is no attestation.</returns>
    public static Digest? SubjectOf(Descriptor entry) =>
        entry.Annotations is { } annotations && annotations.TryGetValue(Subject, out var text) && Digest.TryParse(text, out var digest) ? digest : null;
}

using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Layers;

/// <summary>A layer whose bytes are settled, and what a manifest and a config say of them.</summary>
/// <param name="Descriptor">Of the compressed bytes.</param>
/// <param name="DiffId">The digest of the uncompressed tar, for <see cref="RootFileSystem.DiffIds"/>.</param>
/// <param name="Title">As in <see cref="LayerPlan.Title"/>.</param>
/// <param name="UncompressedSize">Bytes of the tar.</param>
/// <param name="File">Absolute path of the compressed bytes; null when they were not packed, because they lie where they shall go.</param>
public sealed record Layer(Descriptor Descriptor, Digest DiffId, string Title, long UncompressedSize, string? File);

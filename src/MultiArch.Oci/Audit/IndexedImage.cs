using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Audit;

/// <summary>The documents of one image of an index.</summary>
/// <param name="Entry">Of the index; without a platform for the manifest of one platform.</param>
/// <param name="IsNested">The entry stands in an index within the index.</param>
/// <param name="Manifest">Null when it cannot be read.</param>
/// <param name="Config">Null when it cannot be read.</param>
/// <param name="Fault">Why a document cannot be read; null when all can.</param>
internal sealed record IndexedImage(Descriptor Entry, bool IsNested, ImageManifest? Manifest, ImageConfig? Config, string? Fault);

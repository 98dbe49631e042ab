using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Images;

/// <summary>One platform's image, all of whose bytes are settled.</summary>
/// <param name="Platform">As the config says it; the index entry copies it.</param>
/// <param name="Manifest">The exact bytes of <paramref name="Content"/>.</param>
public sealed record AssembledImage(string RuntimeIdentifier, Platform Platform, Document Config, Document Manifest, ImageManifest Content);

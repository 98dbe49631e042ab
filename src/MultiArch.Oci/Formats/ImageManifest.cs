using System.Text.Json.Serialization;

namespace MultiArch.Oci.Formats;

/// <summary>One platform's image: its config and its layers, the base's first.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md</remarks>
public sealed record ImageManifest(
    [property: JsonPropertyOrder(2)] string? MediaType,
    [property: JsonPropertyOrder(3)] Descriptor Config,
    [property: JsonPropertyOrder(4)] IReadOnlyList<Descriptor> Layers,
    [property: JsonPropertyOrder(5)] IReadOnlyDictionary<string, string>? Annotations = null)
{
    [JsonInclude, JsonPropertyOrder(1)]
    public int SchemaVersion { get; internal set; } = 2;

    /// <exception cref="FormatException">The bytes are no manifest, or also claim to be an index (CVE-2021-41190).</exception>
    public static ImageManifest Parse(ReadOnlySpan<byte> bytes) => OciJson.Parse(bytes, OciJson.Wire.ImageManifest, "image manifest", isIndex: false);

    public Document ToDocument() => OciJson.ToDocument(MediaType ?? MediaTypes.OciManifest, this, OciJson.Wire.ImageManifest);
}

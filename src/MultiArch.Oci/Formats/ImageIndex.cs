using System.Text.Json.Serialization;

namespace MultiArch.Oci.Formats;

/// <summary>An OCI image index, or Docker's manifest list: one descriptor for each platform. A client takes the first that matches.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md</remarks>
public sealed record ImageIndex(
    [property: JsonPropertyOrder(2)] string? MediaType,
    [property: JsonPropertyOrder(3)] IReadOnlyList<Descriptor> Manifests,
    [property: JsonPropertyOrder(4)] IReadOnlyDictionary<string, string>? Annotations = null)
{
    [JsonInclude, JsonPropertyOrder(1)]
    public int SchemaVersion { get; internal set; } = 2;

    /// <exception cref="FormatException">The bytes are no index, or also claim to be a manifest (CVE-2021-41190).</exception>
    public static ImageIndex Parse(ReadOnlySpan<byte> bytes) => OciJson.Parse(bytes, OciJson.Wire.ImageIndex, "image index", isIndex: true);

    public Document ToDocument() => OciJson.ToDocument(MediaType ?? MediaTypes.OciIndex, this, OciJson.Wire.ImageIndex);
}

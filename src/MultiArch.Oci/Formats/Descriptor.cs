using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiArch.Oci.Formats;

/// <summary>Points at a blob by media type, digest and size.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md</remarks>
/// <param name="Size">Bytes as stored, so compressed bytes for a layer.</param>
/// <param name="Platform">Set on the entries of an <see cref="ImageIndex"/>; absent elsewhere.</param>
public sealed record Descriptor(
    [property: JsonPropertyOrder(1)] string MediaType,
    [property: JsonPropertyOrder(2)] Digest Digest,
    [property: JsonPropertyOrder(3), JsonRequired] long Size,
    [property: JsonPropertyOrder(4)] Platform? Platform = null,
    [property: JsonPropertyOrder(5)] IReadOnlyDictionary<string, string>? Annotations = null)
{
    /// <summary>What else a base's descriptor says (<c>urls</c>, <c>data</c>, <c>artifactType</c>), kept as it is.</summary>
    [JsonInclude, JsonExtensionData]
    public IDictionary<string, JsonElement>? Extensions { get; internal set; }
}

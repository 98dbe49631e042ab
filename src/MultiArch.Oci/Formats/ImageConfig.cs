using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiArch.Oci.Formats;

/// <summary>An image's configuration: its platform, how it is started, and the digests of its uncompressed layers.</summary>
/// <remarks>
/// https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md. Only what this project changes is modelled; all else that a base
/// image says (Healthcheck, Volumes, StopSignal, os.features …) is kept in the extensions.
/// </remarks>
/// <param name="Created">RFC 3339, as text: a base's own spelling is kept.</param>
public sealed record ImageConfig(
    [property: JsonPropertyOrder(1)] string? Created,
    [property: JsonPropertyOrder(2)] string? Author,
    [property: JsonPropertyOrder(3)] string Architecture,
    [property: JsonPropertyOrder(4)] string? Variant,
    [property: JsonPropertyOrder(5), JsonPropertyName("os")] string OS,
    [property: JsonPropertyOrder(6), JsonPropertyName("os.version")] string? OSVersion,
    [property: JsonPropertyOrder(7)] ContainerConfig? Config,
    [property: JsonPropertyOrder(8), JsonPropertyName("rootfs")] RootFileSystem RootFS,
    [property: JsonPropertyOrder(9)] IReadOnlyList<History>? History)
{
    [JsonInclude, JsonExtensionData]
    public IDictionary<string, JsonElement>? Extensions { get; internal set; }

    // An ignored member still takes its name away from the extensions, so it has one that no base uses.
    [JsonIgnore, JsonPropertyName("\0")]
    public Platform Platform => new(Architecture, OS, string.IsNullOrEmpty(Variant) ? null : Variant, OSVersion);

    /// <summary>The config of an image that holds nothing.</summary>
    public static ImageConfig Empty(Platform platform) =>
        new(null, null, platform.Architecture, platform.Variant, platform.OS, platform.OSVersion, null, new RootFileSystem([]), null);

    /// <exception cref="FormatException">The bytes are no image config.</exception>
    public static ImageConfig Parse(ReadOnlySpan<byte> bytes) => OciJson.Parse(bytes, OciJson.Wire.ImageConfig, "image config", isIndex: null);

    public Document ToDocument(ImageFormat format) =>
        OciJson.ToDocument(format is ImageFormat.Docker ? MediaTypes.DockerConfig : MediaTypes.OciConfig, this, OciJson.Wire.ImageConfig);
}

/// <summary>How a container of the image is started; the <c>config</c> member of <see cref="ImageConfig"/>, in Docker's capitals.</summary>
/// <param name="ExposedPorts">Keys such as <c>8080/tcp</c>.</param>
/// <param name="Env">Entries of the form <c>NAME=value</c>, each name once.</param>
public sealed record ContainerConfig(
    [property: JsonPropertyOrder(1), JsonPropertyName("User")] string? User = null,
    [property: JsonPropertyOrder(2), JsonPropertyName("ExposedPorts")] IReadOnlyDictionary<string, EmptyObject>? ExposedPorts = null,
    [property: JsonPropertyOrder(3), JsonPropertyName("Env")] IReadOnlyList<string>? Env = null,
    [property: JsonPropertyOrder(4), JsonPropertyName("Entrypoint")] IReadOnlyList<string>? Entrypoint = null,
    [property: JsonPropertyOrder(5), JsonPropertyName("Cmd")] IReadOnlyList<string>? Cmd = null,
    [property: JsonPropertyOrder(6), JsonPropertyName("WorkingDir")] string? WorkingDir = null,
    [property: JsonPropertyOrder(7), JsonPropertyName("Labels")] IReadOnlyDictionary<string, string>? Labels = null)
{
    [JsonInclude, JsonExtensionData]
    public IDictionary<string, JsonElement>? Extensions { get; internal set; }
}

/// <param name="DiffIds">Digests of the uncompressed layers, in the order of <see cref="ImageManifest.Layers"/>.</param>
public sealed record RootFileSystem([property: JsonPropertyOrder(2), JsonPropertyName("diff_ids")] IReadOnlyList<Digest> DiffIds)
{
    [JsonInclude, JsonPropertyOrder(1)]
    public string Type { get; internal set; } = "layers";
}

/// <param name="EmptyLayer">True when the step made no layer; entries without it correspond to the layers one to one.</param>
public sealed record History(
    [property: JsonPropertyOrder(1)] string? Created = null,
    [property: JsonPropertyOrder(2)] string? Author = null,
    [property: JsonPropertyOrder(3), JsonPropertyName("created_by")] string? CreatedBy = null,
    [property: JsonPropertyOrder(4)] string? Comment = null,
    [property: JsonPropertyOrder(5), JsonPropertyName("empty_layer")] bool? EmptyLayer = null);

/// <summary>Go's <c>struct{}</c>, the value of every key of <c>ExposedPorts</c>.</summary>
public sealed record EmptyObject
{
    public static EmptyObject Value { get; } = new();
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MultiArch.Oci.Formats;

/// <summary>How documents are written and read: camelCase, no nulls, and <c>+</c> in media types left as it is.</summary>
[JsonSerializable(typeof(ImageIndex))]
[JsonSerializable(typeof(ImageManifest))]
[JsonSerializable(typeof(ImageConfig))]
internal sealed partial class OciJson : JsonSerializerContext
{
    public static OciJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        AllowDuplicateProperties = false,
    });

    public static Document ToDocument<T>(string mediaType, T value, JsonTypeInfo<T> type) => new(mediaType, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <param name="isIndex">What a document with both <c>manifests</c> and <c>layers</c> or <c>config</c> may not be taken for; null asks nothing.</param>
    public static T Parse<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type, string what, bool? isIndex)
        where T : class
    {
        try
        {
            if (isIndex is not null)
            {
                RejectAmbiguity(bytes, isIndex.Value, what);
            }

            return Validate(JsonSerializer.Deserialize(bytes, type), what);
        }
        catch (JsonException e)
        {
            throw new FormatException($"the {what} is not valid: {e.Message}", e);
        }
    }

    /// <summary>System.Text.Json leaves a constructor parameter null when its member is missing; what the specification requires is checked here.</summary>
    private static T Validate<T>(T? document, string what)
        where T : class
    {
        var missing = document switch
        {
            null => "document",
            ImageIndex { Manifests: null } => "manifests",
            ImageIndex index when index.Manifests.Any(IsIncomplete) => "mediaType or digest of a manifest",
            ImageManifest { Config: null } => "config",
            ImageManifest { Layers: null } => "layers",
            ImageManifest manifest when IsIncomplete(manifest.Config) || manifest.Layers.Any(IsIncomplete) => "mediaType or digest of a layer or of the config",
            ImageConfig { Architecture: null } => "architecture",
            ImageConfig { OS: null } => "os",
            ImageConfig { RootFS: null or { DiffIds: null } } => "rootfs.diff_ids",
            _ => null,
        };
        return missing is null ? document! : throw new FormatException($"the {what} lacks its {missing}");
    }

    private static bool IsIncomplete(Descriptor? descriptor) =>
        descriptor is null or { MediaType: null } or { Size: < 0 } || descriptor.Digest == default;

    private static void RejectAmbiguity(ReadOnlySpan<byte> bytes, bool isIndex, string what)
    {
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType is JsonTokenType.PropertyName
                && (isIndex ? reader.ValueTextEquals("layers") || reader.ValueTextEquals("config") : reader.ValueTextEquals("manifests")))
            {
                throw new FormatException($"the {what} has the member '{reader.GetString()}' of another kind of document");
            }
        }
    }
}

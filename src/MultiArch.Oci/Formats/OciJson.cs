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
    /// <exception cref="FormatException">The bytes are no such document, or could not be written again as they are.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type, string what, bool? isIndex)
        where T : class
    {
        try
        {
            ReadThrough(bytes, isIndex, what);
            return Validate(JsonSerializer.Deserialize(bytes, type), what);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"the {what} is not valid: {JsonFault.Describe(e)}", e);
        }
    }

    /// <summary>
    /// System.Text.Json leaves a constructor parameter null when its member is missing, and takes null for an element of any list; what
    /// the specification requires is checked here.
    /// </summary>
    private static T Validate<T>(T? document, string what)
        where T : class
    {
        var missing = document switch
        {
            null => "document",
            ImageIndex { Manifests: null } => "manifests",
            ImageIndex index when index.Manifests.Any(IsIncomplete) => "mediaType, digest, size or platform of a manifest",
            ImageManifest { Config: null } => "config",
            ImageManifest { Layers: null } => "layers",
            ImageManifest manifest when IsIncomplete(manifest.Config) || manifest.Layers.Any(IsIncomplete) => "mediaType, digest or size of a layer or of the config",
            ImageConfig { Architecture: null } => "architecture",
            ImageConfig { OS: null } => "os",
            ImageConfig { RootFS: null or { DiffIds: null } } => "rootfs.diff_ids",
            ImageConfig { History: { } history } when history.Contains(null!) => "history where it has an entry",
            ImageConfig { Config: { } container } when IsIncomplete(container) => "value of a variable, an argument or a label",
            _ => null,
        };
        return missing is null ? document! : throw new FormatException($"the {what} lacks its {missing}");
    }

    private static bool IsIncomplete(Descriptor? descriptor) =>
        descriptor is null or { MediaType: null } or { Size: < 0 } or { Platform: { Architecture: null } or { OS: null } }
        || descriptor.Digest == default
        || HasNull(descriptor.Annotations?.Values);

    private static bool IsIncomplete(ContainerConfig container) =>
        HasNull(container.Env) || HasNull(container.Entrypoint) || HasNull(container.Cmd) || HasNull(container.Labels?.Values);

    private static bool HasNull(IEnumerable<string?>? texts) => texts?.Contains(null) is true;

    /// <summary>Refuses what the deserializer lets through: the members of another kind of document, and text that is no Unicode.</summary>
    private static void ReadThrough(ReadOnlySpan<byte> bytes, bool? isIndex, string what)
    {
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String))
            {
                continue;
            }

            // Throws for half a surrogate pair, which a member that is only kept would bring as far as the writer.
            var text = reader.GetString();
            if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName }
                && (isIndex, text) is (true, "layers" or "config") or (false, "manifests"))
            {
                throw new FormatException($"the {what} has the member '{text}' of another kind of document");
            }
        }
    }
}

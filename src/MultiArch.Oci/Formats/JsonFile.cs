using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MultiArch.Oci.Formats;

/// <summary>Files that people and other tools read: indented JSON in camelCase with a line feed at its end; what is read has to be whole.</summary>
internal static class JsonFile
{
    /// <remarks>With <c>+</c> left as it is: media types and versions of packages are full of it.</remarks>
    public static JsonSerializerOptions Options(params ReadOnlySpan<JsonConverter> converters)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = true,
            NewLine = "\n",
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        foreach (var converter in converters)
        {
            options.Converters.Add(converter);
        }

        return options;
    }

    public static byte[] Write<T>(T content, JsonTypeInfo<T> type) => [.. JsonSerializer.SerializeToUtf8Bytes(content, type), (byte)'\n'];
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiArch.Oci.Audit;

/// <summary>The report as a file: indented JSON in camelCase.</summary>
[JsonSerializable(typeof(ImageVerification))]
public sealed partial class ImageVerificationJson : JsonSerializerContext
{
    private static ImageVerificationJson File { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter<Inspection.FaultKind>(JsonNamingPolicy.CamelCase), new PlatformName() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    });

    public static byte[] Write(ImageVerification report) => [.. JsonSerializer.SerializeToUtf8Bytes(report, File.ImageVerification), (byte)'\n'];

    /// <summary>As it is written everywhere else in a report: <c>linux/arm/v7</c>.</summary>
    private sealed class PlatformName : JsonConverter<Platform>
    {
        public override Platform Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Oci.Platform.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Platform value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}

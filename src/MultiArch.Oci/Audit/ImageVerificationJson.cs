using System.Text.Json;
using System.Text.Json.Serialization;
using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Audit;

/// <summary>The report as a file.</summary>
[JsonSerializable(typeof(ImageVerification))]
public sealed partial class ImageVerificationJson : JsonSerializerContext
{
    private static ImageVerificationJson File { get; } = new(
        JsonFile.Options(new JsonStringEnumConverter<Inspection.FaultKind>(JsonNamingPolicy.CamelCase), new PlatformName()));

    public static byte[] Write(ImageVerification report) => JsonFile.Write(report, File.ImageVerification);

    /// <summary>As it is written everywhere else in a report: <c>linux/arm/v7</c>.</summary>
    private sealed class PlatformName : JsonConverter<Platform>
    {
        public override Platform Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Oci.Platform.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Platform value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}

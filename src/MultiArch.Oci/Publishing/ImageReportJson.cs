using System.Text.Json;
using System.Text.Json.Serialization;
using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Publishing;

/// <summary>How <c>image.json</c> is written and read: with what is unknown passed over.</summary>
[JsonSerializable(typeof(ImageReport))]
internal sealed partial class ImageReportJson : JsonSerializerContext
{
    private static ImageReportJson File { get; } = new(JsonFile.Options());

    public static byte[] Write(ImageReport report) => JsonFile.Write(report, File.ImageReport);

    /// <exception cref="FormatException">The bytes are no <c>image.json</c> that this version understands; the message says why.</exception>
    public static ImageReport Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            // Editors and PowerShell write a byte order mark.
            var json = bytes.StartsWith("\uFEFF"u8) ? bytes["\uFEFF"u8.Length..] : bytes;
            var report = JsonSerializer.Deserialize(json, File.ImageReport) ?? throw new FormatException("it is null");
            return report.SchemaVersion != Publishing.ImageReport.CurrentVersion
                ? throw new FormatException($"its schemaVersion is {report.SchemaVersion}, and this version of MultiArch.Build understands {Publishing.ImageReport.CurrentVersion}")
                : report.Platforms.Count == 0 || HasNull(report)
                    ? throw new FormatException("it lacks a platform, a layer or a name where it has an entry")
                : HasNegativeSize(report)
                    ? throw new FormatException("a size in it is less than 0")
                    : report;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException(JsonFault.Describe(e), e);
        }
    }

    private static bool HasNegativeSize(ImageReport report) =>
        report.Size < 0 || report.Platforms.Any(platform => platform.Size < 0 || platform.Layers.Any(layer => layer.Size < 0));

    // The deserializer takes null for an element of any list.
    private static bool HasNull(ImageReport report) =>
        report.Names.Contains(null!) || report.Tags.Contains(null!) || report.TagsIntended.Contains(null!)
        || report.IndexAnnotations.Values.Contains(null!) || report.Platforms.Contains(null!) || report.Platforms.Any(platform => platform.Layers.Contains(null!));
}

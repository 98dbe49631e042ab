using System.Text.Json;
using System.Text.Json.Serialization;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Layers;

namespace MultiArch.Oci.Images;

/// <summary>One platform's image before a byte of it exists: which file goes to which path in which layer, and how it is started.</summary>
/// <remarks>Each platform's build writes its own; a plan is a file because only paths travel between builds.</remarks>
/// <param name="BaseImage">As the user wrote it: see <see cref="BaseReference"/>.</param>
public sealed record ImagePlan(string RuntimeIdentifier, string BaseImage, IReadOnlyList<LayerPlan> Layers, ImageSettings Settings)
{
    /// <summary>The manifest of this platform that a lock names: what the base is, wherever its tag points now. Null takes what <see cref="BaseImage"/> names.</summary>
    public Digest? BaseDigest { get; init; }

    public byte[] ToUtf8Bytes() => JsonSerializer.SerializeToUtf8Bytes(this, ImagePlanJson.Default.ImagePlan);

    /// <summary>Finds what no image can hold, reading no file. A layer that hides a file of another would lose it without a word.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.PathTwice"/> or <see cref="DiagnosticCodes.InvalidPath"/>.</exception>
    public void Validate() => new LayerPlan("image", [.. Layers.SelectMany(layer => layer.Files)]).Validate();

    /// <exception cref="FormatException">The bytes are not what <see cref="ToUtf8Bytes"/> makes.</exception>
    public static ImagePlan Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, ImagePlanJson.Default.ImagePlan) ?? throw new FormatException("the plan is empty");
        }
        catch (JsonException e)
        {
            throw new FormatException(JsonFault.Describe(e), e);
        }
    }
}

[JsonSerializable(typeof(ImagePlan))]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
internal sealed partial class ImagePlanJson : JsonSerializerContext;

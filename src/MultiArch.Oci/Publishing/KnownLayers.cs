using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Layers;

namespace MultiArch.Oci.Publishing;

/// <summary>Remembers on disk what each recipe became when it was packed: who knows its digests need not pack it to assemble an image.</summary>
/// <remarks>
/// A file for each recipe in a <see cref="CacheFolder"/>. What does not fit its own seal, or comes from another encoder or another build of
/// this library, is no record.
/// </remarks>
/// <param name="folder">Absolute; null remembers nothing.</param>
/// <param name="compression">Of the layers that are asked for: one that was compressed otherwise is another layer.</param>
internal sealed class KnownLayers(string? folder, LayerCompression compression)
{
    /// <summary>Files. The oldest go: every change of an app leaves one behind, and only the last few are ever asked for.</summary>
    private const int Capacity = 256;

    /// <summary>Bytes; ours have a few hundred.</summary>
    private const int MaxSize = 64 * 1024;

    private readonly CacheFolder _files = new(folder, Capacity);
    private readonly string _encoder = compression.Identity;

    public KnownLayer? Find(LayerRecipe recipe)
    {
        try
        {
            var record = _files.Read(NameOf(recipe), MaxSize) is { } content ? JsonSerializer.Deserialize(content, LayerRecordJson.Default.LayerRecord) : null;
            return record is not null && record.Recipe == recipe.Identity && record.Encoder == _encoder && record.Seal == record.ComputeSeal()
                ? new KnownLayer(new Descriptor(record.MediaType, record.Digest, record.Size), record.DiffId, record.UncompressedSize)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Replaces what was known of the recipe, if it differs.</summary>
    public void Remember(LayerRecipe recipe, Layer layer)
    {
        if (Find(recipe) == new KnownLayer(layer.Descriptor, layer.DiffId, layer.UncompressedSize))
        {
            return;
        }

        var record = new LayerRecord(
            recipe.Identity,
            _encoder,
            layer.Descriptor.MediaType,
            layer.Descriptor.Digest,
            layer.Descriptor.Size,
            layer.DiffId,
            layer.UncompressedSize,
            Seal: default);
        _files.Write(NameOf(recipe), JsonSerializer.SerializeToUtf8Bytes(record with { Seal = record.ComputeSeal() }, LayerRecordJson.Default.LayerRecord));
    }

    private static string NameOf(LayerRecipe recipe) => recipe.Identity.Hex + ".json";
}

/// <summary>What is known of a layer without packing it.</summary>
/// <param name="UncompressedSize">Bytes of the tar.</param>
internal sealed record KnownLayer(Descriptor Descriptor, Digest DiffId, long UncompressedSize)
{
    public Layer ToLayer(LayerRecipe recipe) => new(Descriptor, DiffId, recipe.Title, UncompressedSize, File: null);
}

/// <param name="Recipe">As <see cref="LayerRecipe.Identity"/>; also the file's name.</param>
/// <param name="Encoder">As <see cref="LayerCompression.Identity"/>.</param>
/// <param name="Seal">Of all the rest: a file that was cut, mixed up or edited is not believed.</param>
internal sealed record LayerRecord(Digest Recipe, string Encoder, string MediaType, Digest Digest, long Size, Digest DiffId, long UncompressedSize, Digest Seal)
{
    public Digest ComputeSeal() =>
        Digest.Of(Encoding.UTF8.GetBytes(string.Join('\n', Recipe, Encoder, MediaType, Digest, Size, DiffId, UncompressedSize)));
}

[JsonSerializable(typeof(LayerRecord))]
[JsonSourceGenerationOptions(WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class LayerRecordJson : JsonSerializerContext;

using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Remembers on disk what each recipe became: who knows its digests need not pack it to assemble an image.</summary>
/// <remarks>
/// A file for each recipe in a <see cref="CacheFolder"/>. What does not fit its own seal, or comes from another encoder or another build of
/// this library, is no record.
/// </remarks>
/// <param name="folder">Absolute; null remembers nothing.</param>
/// <param name="compression">Of the layers that are asked for: one that was compressed otherwise is another layer.</param>
/// <param name="destination">Where they are to lie; null for no registry.</param>
internal sealed class KnownLayers(string? folder, LayerCompression compression, ImageReference? destination)
{
    /// <summary>Files. Every change of an app leaves one behind; those that no publish has asked for the longest go.</summary>
    private const int Capacity = 256;

    /// <summary>Bytes; ours have a few hundred.</summary>
    private const int MaxSize = 64 * 1024;

    private readonly CacheFolder _files = new(folder, Capacity);
    private readonly string _encoder = compression.Identity;
    private readonly ConcurrentDictionary<string, byte[]> _used = new();

    public KnownLayer? Find(LayerRecipe recipe)
    {
        try
        {
            var content = _files.Read(NameOf(recipe), MaxSize);
            var record = content is not null ? JsonSerializer.Deserialize(content, LayerRecordJson.Default.LayerRecord) : null;
            if (record is null
                || record.Recipe != recipe.Identity
                || record.Encoder != _encoder
                || record.Seal != record.ComputeSeal()
                || (record.SaidBy is not null && record.SaidBy != destination?.Name))
            {
                return null;
            }

            _used[NameOf(recipe)] = content!;
            return new KnownLayer(new Descriptor(record.MediaType, record.Digest, record.Size), record.DiffId, record.UncompressedSize);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Replaces what was known of the recipe, if it differs.</summary>
    /// <param name="isProven">
    /// Whether the layer was packed, or read and compared, on this machine. The destination's own word counts for the destination alone: whoever
    /// writes to one repository must have no say in another.
    /// </param>
    public void Remember(LayerRecipe recipe, Layer layer, bool isProven = true)
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
            isProven ? null : destination?.Name,
            Seal: default);
        // Written anew, what this publish uses is the youngest, and what goes is what none has used for long.
        foreach (var (name, content) in _used)
        {
            if (_used.TryRemove(name, out _))
            {
                _files.Write(name, content);
            }
        }

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
/// <param name="SaidBy">The repository on whose word it is so; null when it was seen here.</param>
/// <param name="Seal">Of all the rest: a file that was cut, mixed up or edited is not believed.</param>
internal sealed record LayerRecord(Digest Recipe, string Encoder, string MediaType, Digest Digest, long Size, Digest DiffId, long UncompressedSize, string? SaidBy, Digest Seal)
{
    public Digest ComputeSeal() =>
        Digest.Of(Encoding.UTF8.GetBytes(string.Join('\n', Recipe, Encoder, MediaType, Digest, Size, DiffId, UncompressedSize, SaidBy)));
}

[JsonSerializable(typeof(LayerRecord))]
[JsonSourceGenerationOptions(WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class LayerRecordJson : JsonSerializerContext;

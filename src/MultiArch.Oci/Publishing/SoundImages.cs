using System.Text;
using System.Text.Json;
using MultiArch.Oci.Images;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Remembers which images were found without a fault, by all that decides it: then their files need not be opened again.</summary>
/// <remarks>An empty file for each in a <see cref="CacheFolder"/>, under the digest of its layers' recipes, its base, its settings and this library's build.</remarks>
/// <param name="folder">Absolute; null remembers nothing.</param>
/// <param name="withBase">Whether bases are looked at: who did not has seen less.</param>
internal sealed class SoundImages(string? folder, bool withBase)
{
    private const int Capacity = 64;

    private static readonly byte[] Mark = "sound\n"u8.ToArray();

    private readonly CacheFolder _files = new(folder, Capacity);

    public bool Contains(PlatformImage image) => _files.Read(NameOf(image), Mark.Length) is { } content && content.AsSpan().SequenceEqual(Mark);

    public void Remember(PlatformImage image) => _files.Write(NameOf(image), Mark);

    private string NameOf(PlatformImage image)
    {
        var settings = JsonSerializer.Serialize(image.Plan.Settings with { Created = "" }, ImagePlanJson.Default.ImageSettings);
        IEnumerable<object?> parts =
        [
            typeof(SoundImages).Module.ModuleVersionId,
            withBase,
            image.Plan.RuntimeIdentifier,
            image.Platform,
            image.Base.Digest,
            settings,
            .. image.Recipes.Zip(image.Plan.Layers).Select(layer => $"{layer.First.Identity} {layer.Second.IsOfSystem}"),
        ];
        return Digest.Of(Encoding.UTF8.GetBytes(string.Join('\n', parts))).Hex;
    }
}

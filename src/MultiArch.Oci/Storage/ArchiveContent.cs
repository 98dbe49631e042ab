using System.Text.Json;
using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>What an OCI archive consists of, before any byte of a layer is read.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md</remarks>
/// <param name="Blobs">In the order of their names.</param>
/// <param name="Documents">The files beside the blobs, in the order of their names.</param>
internal sealed record ArchiveContent(IReadOnlyList<Descriptor> Blobs, IReadOnlyList<(string Name, ReadOnlyMemory<byte> Bytes)> Documents)
{
    /// <summary>Lets docker's older image store, and what reads docker's own archives, take the archive too; BuildKit's docker exporter does the same.</summary>
    private const string DockerManifest = "manifest.json";

    /// <summary>What containerd, and so docker, and podman name the image after.</summary>
    /// <remarks>https://github.com/containerd/containerd/blob/v2.0.0/core/images/annotations.go</remarks>
    private const string ImageName = "io.containerd.image.name";

    /// <param name="names">With tags; none leaves the image without a name.</param>
    public static async Task<ArchiveContent> DescribeAsync(
        IImageStore store, Document image, IReadOnlyList<ImageReference> names, CancellationToken cancellationToken)
    {
        var blobs = await ReachableBlobs.FindAsync(store, image, cancellationToken);
        var entries = names.Select(name => image.Describe() with
        {
            Annotations = new SortedDictionary<string, string>(StringComparer.Ordinal) { [ImageName] = name.ToString(), [ImageLayoutFile.ReferenceName] = name.Reference },
        });
        var index = new ImageIndex(MediaTypes.OciIndex, names.Count > 0 ? [.. entries] : [image.Describe()]).ToDocument();
        var documents = new List<(string, ReadOnlyMemory<byte>)> { (ImageLayoutFile.Index, index.Bytes) };
        if (names.Count > 0 && await FindOnlyManifestAsync(store, image, cancellationToken) is { } only)
        {
            documents.Add((DockerManifest, DescribeForDocker(only, names)));
        }

        documents.Add((ImageLayoutFile.Marker, ImageLayoutFile.MarkerContent.ToArray()));
        return new ArchiveContent([.. blobs.OrderBy(blob => blob.Digest.Hex, StringComparer.Ordinal)], documents);
    }

    /// <summary>Whether there is one platform only, with or without an index, so that every docker takes the archive.</summary>
    public static bool HasOnePlatform(Document image) => !MediaTypes.IsIndex(image.MediaType) || FindOnlyEntry(image) is not null;

    public static string PathOf(Digest digest) => $"blobs/sha256/{digest.Hex}";

    private static Descriptor? FindOnlyEntry(Document index) =>
        ImageIndex.Parse(index.Bytes.Span).Manifests is [{ } only] && MediaTypes.IsManifest(only.MediaType) ? only : null;

    /// <returns>Null when the image has several platforms, for which docker's own archives have no words.</returns>
    private static async Task<ImageManifest?> FindOnlyManifestAsync(IImageStore store, Document image, CancellationToken cancellationToken)
    {
        if (!MediaTypes.IsIndex(image.MediaType))
        {
            return ImageManifest.Parse(image.Bytes.Span);
        }

        return FindOnlyEntry(image) is { } entry
            ? ImageManifest.Parse((await ReachableBlobs.ReadDocumentAsync(store, entry, cancellationToken)).Bytes.Span)
            : null;
    }

    /// <remarks>https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md#combined-image-json--filesystem-changeset-format</remarks>
    private static byte[] DescribeForDocker(ImageManifest manifest, IReadOnlyList<ImageReference> names)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            json.WriteStartObject();
            json.WriteString("Config", PathOf(manifest.Config.Digest));
            WriteTexts(json, "RepoTags", names.Select(name => name.ToString()));
            WriteTexts(json, "Layers", manifest.Layers.Select(layer => PathOf(layer.Digest)));
            json.WriteEndObject();
            json.WriteEndArray();
        }

        return bytes.ToArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}

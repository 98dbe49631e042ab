using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Audit;

/// <summary>What an index lists: images, with their documents, and what is no image. The manifest of one platform is taken for an index of it alone.</summary>
internal sealed class IndexContents
{
    // Real ones have up to about 60, most of them attestations.
    private const int MaxImages = 256;

    private const string AttestationType = "vnd.docker.reference.type";

    private readonly IImageStore _store;
    private readonly List<IndexedImage> _images = [];

    private IndexContents(IImageStore store, bool isIndex) => (_store, IsIndex) = (store, isIndex);

    public bool IsIndex { get; }

    /// <summary>In the index's order; those of an index within the index last.</summary>
    public IReadOnlyList<IndexedImage> Images => _images;

    /// <summary>Those among which clients choose: <see cref="Images"/> without those of an index within the index, so at the same positions.</summary>
    public IReadOnlyList<Descriptor> Entries => [.. _images.Where(image => !image.IsNested).Select(image => image.Entry)];

    /// <summary>The <c>index.json</c> of a layout with several tags, as skopeo writes it: each entry is an image that is asked for by its name, and none stands for a platform.</summary>
    public bool IsListOfTags { get; private init; }

    /// <summary>Attestations, signatures and other artifacts.</summary>
    public int OtherEntries { get; private set; }

    /// <param name="isInRegistry">Where an annotation with a tag tells clients nothing.</param>
    /// <exception cref="FormatException">The document is no index and no manifest, or lists too much.</exception>
    public static async Task<IndexContents> ReadAsync(IImageStore store, Document document, bool isInRegistry, CancellationToken cancellationToken)
    {
        if (MediaTypes.IsIndex(document.MediaType))
        {
            var index = ImageIndex.Parse(document.Bytes.Span);
            var list = new IndexContents(store, isIndex: true) { IsListOfTags = !isInRegistry && index.Manifests.Any(IsTagged) };
            await list.AddIndexAsync(index, isNested: false, cancellationToken);
            return list;
        }

        var contents = new IndexContents(store, isIndex: false);
        var manifest = ImageManifest.Parse(document.Bytes.Span);
        contents.Add(IsImage(manifest) ? await contents.ReadConfigAsync(document.Describe(), false, manifest, cancellationToken) : throw new FormatException($"it is no image: its config has the media type '{OneLine.Of(manifest.Config.MediaType)}'"));
        return contents;
    }

    private static bool IsTagged(Descriptor entry) => entry.Platform is null && entry.Annotations?.ContainsKey(ImageLayoutFile.ReferenceName) is true;

    private static bool IsImage(ImageManifest manifest) => manifest.Config.MediaType is MediaTypes.OciConfig or MediaTypes.DockerConfig;

    /// <summary>What tools say that they cannot make sense of: the content is not what its digest says, or is missing.</summary>
    internal static bool IsDamage(MultiArchException e) =>
        e.Code is DiagnosticCodes.ContentMismatch or DiagnosticCodes.RegistryContentMismatch or DiagnosticCodes.DocumentTooLarge
        || e is RegistryException { Status: HttpStatusCode.NotFound };

    private async Task AddIndexAsync(ImageIndex index, bool isNested, CancellationToken cancellationToken)
    {
        var nested = new List<Descriptor>();
        foreach (var entry in index.Manifests)
        {
            var isAttestation = entry.Annotations?.ContainsKey(AttestationType) is true || entry.Platform is { OS: "unknown" } or { Architecture: "unknown" };
            if (!isAttestation && MediaTypes.IsManifest(entry.MediaType))
            {
                Add(await ReadAsync(entry, isNested, cancellationToken));
            }
            else if (!isAttestation && MediaTypes.IsIndex(entry.MediaType) && !isNested)
            {
                nested.Add(entry);
            }
            else
            {
                OtherEntries++;
            }
        }

        if (nested.Count > MaxImages)
        {
            throw new FormatException($"it lists more than {MaxImages} indexes");
        }

        foreach (var entry in nested)
        {
            if (await TryReadNestedAsync(entry, cancellationToken) is { } below)
            {
                await AddIndexAsync(below, isNested: true, cancellationToken);
            }
            else
            {
                Add(new IndexedImage(entry, IsNested: true, null, null, $"the index names the index {entry.Digest}, which is missing or damaged"));
            }
        }
    }

    private async Task<ImageIndex?> TryReadNestedAsync(Descriptor entry, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.FindManifestAsync(entry.Digest.ToString(), cancellationToken) is { } document ? ImageIndex.Parse(document.Bytes.Span) : null;
        }
        catch (Exception e) when (e is FormatException || (e is MultiArchException fault && IsDamage(fault)))
        {
            return null;
        }
    }

    private void Add(IndexedImage? image)
    {
        if (image is null)
        {
            OtherEntries++;
        }
        else if (_images.Count == MaxImages)
        {
            throw new FormatException($"its index lists more than {MaxImages} images");
        }
        else
        {
            _images.Add(image);
        }
    }

    /// <returns>Null for what is no image.</returns>
    private async Task<IndexedImage?> ReadAsync(Descriptor entry, bool isNested, CancellationToken cancellationToken)
    {
        try
        {
            var document = await _store.FindManifestAsync(entry.Digest.ToString(), cancellationToken) ?? throw new FormatException($"the index names the manifest {entry.Digest}, which is missing");
            var manifest = document.Bytes.Length == entry.Size
                ? ImageManifest.Parse(document.Bytes.Span)
                : throw new FormatException($"the index gives {entry.Size} bytes for the manifest {entry.Digest}, which has {document.Bytes.Length}");
            return IsImage(manifest) ? await ReadConfigAsync(entry, isNested, manifest, cancellationToken) : null;
        }
        catch (Exception e) when (e is FormatException || (e is MultiArchException fault && IsDamage(fault)))
        {
            return new IndexedImage(entry, isNested, null, null, e.Message);
        }
    }

    private async Task<IndexedImage> ReadConfigAsync(Descriptor entry, bool isNested, ImageManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            var config = ImageConfig.Parse((await ConfigBlob.ReadAsync(_store, manifest.Config, cancellationToken)).Span);
            return new IndexedImage(entry, isNested, manifest, config, config.RootFS.DiffIds.Count == manifest.Layers.Count ? null : $"the manifest has {manifest.Layers.Count} layers and the config {config.RootFS.DiffIds.Count} diff_ids");
        }
        catch (Exception e) when (e is FormatException || (e is MultiArchException fault && IsDamage(fault)))
        {
            return new IndexedImage(entry, isNested, manifest, null, e.Message);
        }
    }
}

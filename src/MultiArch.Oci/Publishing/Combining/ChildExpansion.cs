using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing.Combining;

/// <summary>Takes a document apart until only images are left, each with its attestations.</summary>
/// <param name="source">For messages.</param>
/// <param name="store">Has the document, and what it names.</param>
internal sealed class ChildExpansion(string source, IImageStore store)
{
    // Real indexes name up to about 60, most of them attestations. Indexes within indexes could go on for ever.
    private const int MaxDocuments = 512;

    private const string Unknown = "unknown";

    private int _read;

    /// <exception cref="FormatException">What a document says is not so, or there is too much of it.</exception>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.ChildMissing"/>, or the registry fails.</exception>
    public async Task<IReadOnlyList<Child>> RunAsync(Document document, CancellationToken cancellationToken) => await ExpandAsync(document, entry: null, cancellationToken);

    private async Task<List<Child>> ExpandAsync(Document document, Descriptor? entry, CancellationToken cancellationToken)
    {
        if (!MediaTypes.IsIndex(document.MediaType))
        {
            return await ReadImageAsync(document, entry, cancellationToken) is { } child ? [child] : [];
        }

        var children = new List<Child>();
        var entries = ImageIndex.Parse(document.Bytes.Span).Manifests.ToLookup(Attestation.SubjectOf);
        // A later entry of the same image is one that no client reaches.
        foreach (var named in entries[null].Where(IsOfPlatform).DistinctBy(named => (named.Digest, named.Platform)))
        {
            children.AddRange(await ExpandAsync(await ReadNamedAsync(named, cancellationToken), named, cancellationToken));
        }

        for (var i = 0; i < children.Count; i++)
        {
            var attestations = new List<Attestation>(children[i].Attestations);
            foreach (var named in entries[children[i].Manifest.Digest])
            {
                var manifest = await ReadNamedAsync(named, cancellationToken);
                attestations.Add(new Attestation(named, manifest, ImageManifest.Parse(manifest.Bytes.Span)));
            }

            children[i] = children[i] with { Attestations = attestations };
        }

        return children;
    }

    private static bool IsOfPlatform(Descriptor entry) => entry.Platform is not { OS: Unknown } && MediaTypes.Manifests.Contains(entry.MediaType);

    private async Task<Document> ReadNamedAsync(Descriptor named, CancellationToken cancellationToken)
    {
        if (++_read > MaxDocuments)
        {
            throw new FormatException($"it lists more than {MaxDocuments} images and attestations");
        }

        var document = await store.FindManifestAsync(named.Digest.ToString(), cancellationToken)
            ?? throw ChildReader.Missing(source, $"its index names {named.Digest}{(named.Platform is { } platform ? $" for {OneLine.Of(platform.ToString())}" : "")}, which is missing");
        return document.Bytes.Length == named.Size && document.MediaType == named.MediaType
            ? document
            : throw new FormatException($"its index gives {named.Size} bytes of {named.MediaType} for {named.Digest}, which has {document.Bytes.Length} of {document.MediaType}");
    }

    /// <returns>Null for what stands in an index beside images, such as a signature.</returns>
    private async Task<Child?> ReadImageAsync(Document document, Descriptor? entry, CancellationToken cancellationToken)
    {
        var content = ImageManifest.Parse(document.Bytes.Span);
        if (content.Config.MediaType is not (MediaTypes.OciConfig or MediaTypes.DockerConfig))
        {
            return entry is not null ? null : throw new FormatException("it is no image");
        }

        var config = new Document(content.Config.MediaType, await ReadConfigAsync(document, content, cancellationToken));
        var settings = ImageConfig.Parse(config.Bytes.Span);
        if (settings.OS is "" or Unknown || settings.Architecture is "" or Unknown)
        {
            throw new FormatException($"the config of {document.Digest} names no platform");
        }

        if (entry?.Platform is { } named && !named.IsSameAs(settings.Platform))
        {
            throw new FormatException($"its index says {named} of {document.Digest}, and that image's config says {settings.Platform}");
        }

        if (settings.RootFS.DiffIds.Count != content.Layers.Count)
        {
            throw new FormatException($"the manifest {document.Digest} has {content.Layers.Count} layers and its config {settings.RootFS.DiffIds.Count} diff_ids");
        }

        var platform = entry?.Platform ?? settings.Platform;
        return new Child(source, (entry ?? document.Describe()) with { Platform = platform }, platform, document, content, config, settings, store);
    }

    private async Task<ReadOnlyMemory<byte>> ReadConfigAsync(Document manifest, ImageManifest content, CancellationToken cancellationToken)
    {
        try
        {
            return await ConfigBlob.ReadAsync(store, content.Config, cancellationToken);
        }
        catch (RegistryException e) when (e.Status is HttpStatusCode.NotFound)
        {
            throw ChildReader.Missing(source, $"{manifest.Digest} names the config {content.Config.Digest}, which is missing");
        }
    }
}

using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing.Combining;

/// <summary>Reads the images that sources name, and believes none of them what its config does not say.</summary>
/// <param name="open">Opens a repository that is not the destination.</param>
internal sealed class ChildReader(IImageStore destination, Func<ImageReference, IImageStore> open)
{
    // An index of indexes is allowed and rare; one that never ends is neither.
    private const int MaxDepth = 4;

    private const string Unknown = "unknown";

    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.ChildMissing"/>, <see cref="DiagnosticCodes.ChildContradictsItself"/>, or the registry fails.
    /// </exception>
    public async Task<IReadOnlyList<Child>> ReadAsync(CombineSource source, CancellationToken cancellationToken)
    {
        var store = IsDestination(source.Image) ? destination : open(source.Image);
        var target = await store.FindManifestAsync(source.Image.Reference, cancellationToken) ?? throw Missing(source.Name, $"{source.Image} does not exist");
        var children = await ReadAsync(source.Name, store, target, cancellationToken);
        return source.Report is { } report ? [.. Confirm(report, children, source)] : children;
    }

    /// <summary>What a document that a store has given holds.</summary>
    /// <exception cref="MultiArchException">As above.</exception>
    public static async Task<IReadOnlyList<Child>> ReadAsync(string source, IImageStore store, Document target, CancellationToken cancellationToken)
    {
        try
        {
            var children = await ExpandAsync(source, store, target, entry: null, depth: 0, cancellationToken);
            return children.Count > 0 ? children : throw new FormatException("it holds no image of a platform");
        }
        catch (FormatException e)
        {
            throw Contradiction(source, e.Message, e);
        }
    }

    private static MultiArchException Missing(string source, string what) => new(
        DiagnosticCodes.ChildMissing, $"'{OneLine.Of(source)}' cannot be combined: {what}. Publish that platform again, or leave it out; a registry may remove what no tag names.");

    private static MultiArchException Contradiction(string source, string what, Exception? cause = null) => new(
        DiagnosticCodes.ChildContradictsItself, $"'{OneLine.Of(source)}' cannot be combined: {OneLine.Of(what).TrimEnd('.')}. Publish that platform again, or leave it out.", cause);

    private bool IsDestination(ImageReference image) =>
        destination.Repository is { } its && its.Registry.Equals(image.Registry, StringComparison.OrdinalIgnoreCase) && its.Repository == image.Repository;

    private static async Task<List<Child>> ExpandAsync(string source, IImageStore store, Document document, Descriptor? entry, int depth, CancellationToken cancellationToken)
    {
        if (!MediaTypes.IsIndex(document.MediaType))
        {
            return await ReadImageAsync(source, store, document, entry, cancellationToken) is { } child ? [child] : [];
        }

        if (depth == MaxDepth)
        {
            throw new FormatException($"it is an index of indexes, more than {MaxDepth} of them one in the other");
        }

        var children = new List<Child>();
        var entries = ImageIndex.Parse(document.Bytes.Span).Manifests.ToLookup(Attestation.SubjectOf);
        // A later entry of the same image is one that no client reaches.
        foreach (var named in entries[null].Where(IsOfPlatform).DistinctBy(named => (named.Digest, named.Platform)))
        {
            children.AddRange(await ExpandAsync(source, store, await ReadNamedAsync(source, store, named, cancellationToken), named, depth + 1, cancellationToken));
        }

        for (var i = 0; i < children.Count; i++)
        {
            var attestations = new List<Attestation>(children[i].Attestations);
            foreach (var named in entries[children[i].Manifest.Digest])
            {
                var manifest = await ReadNamedAsync(source, store, named, cancellationToken);
                attestations.Add(new Attestation(named, manifest, ImageManifest.Parse(manifest.Bytes.Span)));
            }

            children[i] = children[i] with { Attestations = attestations };
        }

        return children;
    }

    private static bool IsOfPlatform(Descriptor entry) => entry.Platform is not { OS: Unknown } && MediaTypes.Manifests.Contains(entry.MediaType);

    private static async Task<Document> ReadNamedAsync(string source, IImageStore store, Descriptor named, CancellationToken cancellationToken)
    {
        var document = await store.FindManifestAsync(named.Digest.ToString(), cancellationToken)
            ?? throw Missing(source, $"its index names {named.Digest}{(named.Platform is { } platform ? $" for {OneLine.Of(platform.ToString())}" : "")}, which is missing");
        return document.Bytes.Length == named.Size && document.MediaType == named.MediaType
            ? document
            : throw new FormatException($"its index gives {named.Size} bytes of {named.MediaType} for {named.Digest}, which has {document.Bytes.Length} of {document.MediaType}");
    }

    /// <returns>Null for what stands in an index beside images, such as a signature.</returns>
    private static async Task<Child?> ReadImageAsync(string source, IImageStore store, Document document, Descriptor? entry, CancellationToken cancellationToken)
    {
        var content = ImageManifest.Parse(document.Bytes.Span);
        if (content.Config.MediaType is not (MediaTypes.OciConfig or MediaTypes.DockerConfig))
        {
            return entry is not null ? null : throw new FormatException("it is no image");
        }

        var config = new Document(content.Config.MediaType, await ReadConfigAsync(source, store, document, content, cancellationToken));
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

    private static async Task<ReadOnlyMemory<byte>> ReadConfigAsync(string source, IImageStore store, Document manifest, ImageManifest content, CancellationToken cancellationToken)
    {
        try
        {
            return await ConfigBlob.ReadAsync(store, content.Config, cancellationToken);
        }
        catch (RegistryException e) when (e.Status is HttpStatusCode.NotFound)
        {
            throw Missing(source, $"{manifest.Digest} names the config {content.Config.Digest}, which is missing");
        }
    }

    /// <summary>Each image with what was said of it.</summary>
    private static IEnumerable<Child> Confirm(ImageReport report, IReadOnlyList<Child> children, CombineSource source)
    {
        foreach (var told in report.Platforms)
        {
            if (children.FirstOrDefault(child => child.Manifest.Digest == told.Digest) is not { } child)
            {
                throw Missing(source.Name, $"it tells of {told.Digest} for {OneLine.Of(told.Platform)}, and {source.Image} does not have that");
            }

            if (child.Platform.ToString() != told.Platform)
            {
                throw Contradiction(source.Name, $"it tells of {told.Platform} at {told.Digest}, and that image's config says {child.Platform}");
            }
        }

        return children.Select(child => child with { Told = report.Platforms.FirstOrDefault(told => told.Digest == child.Manifest.Digest) });
    }
}

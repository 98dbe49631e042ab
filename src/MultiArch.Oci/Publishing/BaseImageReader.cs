using System.Collections.Concurrent;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>Reads base images: each reference is resolved once, so that a tag that moves meanwhile cannot mix two versions in one index.</summary>
/// <remarks>The checks follow https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties and the manifest's own rules.</remarks>
/// <param name="documents">Keeps what registries said.</param>
public sealed class BaseImageReader(IImageSources sources, BaseDocuments documents)
{
    // In a message.
    private const int MaxNamed = 20;

    // Each entry without a platform costs two requests. Real ones have one for each platform at most.
    private const int MaxRead = 64;

    private readonly ConcurrentDictionary<BaseReference, Lazy<IImageStore>> _stores = new();
    private readonly ConcurrentDictionary<BaseReference, Lazy<Task<Document>>> _resolved = new();

    /// <param name="locked">The platform's manifest, if a lock names it: then nothing is asked of the tag.</param>
    /// <returns>The base and the store that holds its blobs; no store for <c>scratch</c>.</returns>
    /// <exception cref="MultiArchException">The base is not there, lacks the platform, or contradicts itself.</exception>
    public async Task<(BaseImage Image, IImageStore? Store)> ReadAsync(BaseReference reference, Platform platform, Digest? locked, CancellationToken cancellationToken)
    {
        if (reference is BaseReference.Scratch)
        {
            return (BaseImage.Scratch(platform), null);
        }

        var store = _stores.GetOrAdd(reference, key => new(() => sources.Open(key))).Value;
        var document = locked is { } digest
            ? await ReadLockedAsync(reference, store, platform, digest, cancellationToken)
            : await _resolved.GetOrAdd(reference, key => new(() => ResolveAsync(key, store, cancellationToken))).Value;
        try
        {
            var manifest = MediaTypes.IsIndex(document.MediaType)
                ? await PickAsync(reference, store, ImageIndex.Parse(document.Bytes.Span), platform, cancellationToken)
                : document;
            return (await ReadImageAsync(reference, store, manifest, platform, isOnlyImage: manifest == document, cancellationToken), store);
        }
        catch (FormatException e)
        {
            throw Contradiction(reference, e.Message, e);
        }
    }

    private static MultiArchException Contradiction(BaseReference reference, string what, Exception? cause = null) => new(
        DiagnosticCodes.BaseContradictsItself,
        $"The base image '{reference}' cannot be used: {OneLine.Sentence(what)} Ask its publisher for a sound image, or set ContainerBaseImage to another one.",
        cause);

    private static MultiArchException LacksPlatform(BaseReference reference, Platform platform, IEnumerable<string> offered) => new(
        DiagnosticCodes.BaseLacksPlatform,
        $"The base image '{reference}' has no image for {platform}. It offers: {List([.. offered.Distinct(StringComparer.Ordinal)])}. "
        + "Set ContainerBaseImage to an image that has it, or leave the platform out of ContainerRuntimeIdentifiers.");

    private static string List(IReadOnlyList<string> offered) => offered.Count switch
    {
        0 => "nothing",
        <= MaxNamed => string.Join(", ", offered),
        _ => $"{string.Join(", ", offered.Take(MaxNamed))}, and {offered.Count - MaxNamed} more",
    };

    private async Task<Document> ResolveAsync(BaseReference reference, IImageStore store, CancellationToken cancellationToken)
    {
        var name = reference is BaseReference.Image { Location: var location } ? location.Reference : throw new ArgumentException($"'{reference}' has no manifest.", nameof(reference));
        return await documents.FindManifestAsync(store, name, cancellationToken)
            ?? throw new MultiArchException(DiagnosticCodes.BaseNotFound, $"The base image '{reference}' does not exist. Correct ContainerBaseImage.");
    }

    private async Task<Document> ReadLockedAsync(BaseReference reference, IImageStore store, Platform platform, Digest digest, CancellationToken cancellationToken) =>
        await documents.FindManifestAsync(store, digest.ToString(), cancellationToken)
            ?? throw new MultiArchException(
                DiagnosticCodes.LockedBaseGone,
                $"The base image '{reference}' has no {digest} any more, which the lock names for {platform}. Run 'dotnet build -t:UpdateMultiArchLock' to lock what it has now.");

    private async Task<Document> PickAsync(BaseReference reference, IImageStore store, ImageIndex index, Platform platform, CancellationToken cancellationToken)
    {
        SeveralImages.Refuse(reference, index);
        Descriptor? found = null;
        var offered = new List<string>();
        var read = 0;
        foreach (var entry in index.Manifests.Where(entry => MediaTypes.IsManifest(entry.MediaType)))
        {
            if (entry.Platform is null && ++read > MaxRead)
            {
                throw new FormatException($"its index has more than {MaxRead} entries without a platform");
            }

            var entryPlatform = entry.Platform ?? await PlatformOfAsync(store, entry, cancellationToken);
            if (entryPlatform is null)
            {
                continue;
            }

            if (entryPlatform.IsSameAs(platform))
            {
                SeveralImages.Refuse(reference, found ?? entry, entry);
                found ??= entry;
                if (SeveralImages.NameOf(entry) is null)
                {
                    break;
                }
            }

            // Attestations stand in an index as unknown/unknown.
            if (entryPlatform.OS != "unknown")
            {
                offered.Add(entryPlatform.ToString());
            }
        }

        return found is null ? throw LacksPlatform(reference, platform, offered) : await ReadManifestAsync(reference, store, found, cancellationToken);
    }

    /// <summary>A layout that other tools have made may leave the platform out of its entries: then the config says it.</summary>
    /// <returns>Null for what is no image, such as a signature beside it.</returns>
    private async Task<Platform?> PlatformOfAsync(IImageStore store, Descriptor entry, CancellationToken cancellationToken)
    {
        var manifest = await documents.FindManifestAsync(store, entry.Digest.ToString(), cancellationToken) ?? throw new FormatException($"its manifest {entry.Digest} is missing");
        var content = ImageManifest.Parse(manifest.Bytes.Span);
        return content.Config.MediaType is MediaTypes.OciConfig or MediaTypes.DockerConfig
            ? (await ReadConfigAsync(store, content, cancellationToken)).Platform
            : null;
    }

    private async Task<Document> ReadManifestAsync(BaseReference reference, IImageStore store, Descriptor entry, CancellationToken cancellationToken)
    {
        var manifest = await documents.FindManifestAsync(store, entry.Digest.ToString(), cancellationToken)
            ?? throw Contradiction(reference, $"its index names the manifest {entry.Digest}, which is missing");
        return manifest.Bytes.Length == entry.Size
            ? manifest
            : throw Contradiction(reference, $"its index gives {entry.Size} bytes for the manifest {entry.Digest}, which has {manifest.Bytes.Length}");
    }

    private async Task<BaseImage> ReadImageAsync(
        BaseReference reference,
        IImageStore store,
        Document document,
        Platform platform,
        bool isOnlyImage,
        CancellationToken cancellationToken)
    {
        var manifest = ImageManifest.Parse(document.Bytes.Span);
        var config = await ReadConfigAsync(store, manifest, cancellationToken);
        if (!config.Platform.IsSameAs(platform))
        {
            throw isOnlyImage
                ? LacksPlatform(reference, platform, [config.Platform.ToString()])
                : Contradiction(reference, $"its index says {platform} and that image's config says {config.Platform}");
        }

        if (config.RootFS.Type != "layers" || config.RootFS.DiffIds.Count != manifest.Layers.Count)
        {
            throw Contradiction(reference, $"its {platform} manifest has {manifest.Layers.Count} layers and its config {config.RootFS.DiffIds.Count} diff_ids");
        }

        return new BaseImage(reference, document.Digest, manifest.Layers, Respell(config, platform));
    }

    /// <summary>A base may write aarch64 where everyone means arm64, and some clients compare an index entry letter by letter.</summary>
    private static ImageConfig Respell(ImageConfig config, Platform platform) => config with
    {
        Architecture = platform.Architecture,
        OS = platform.OS,
        Variant = string.IsNullOrEmpty(config.Variant) ? platform.Variant : config.Variant,
    };

    private async Task<ImageConfig> ReadConfigAsync(IImageStore store, ImageManifest manifest, CancellationToken cancellationToken) =>
        ImageConfig.Parse((await documents.ReadConfigAsync(store, manifest.Config, cancellationToken)).Span);
}

using System.Collections.Concurrent;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Downloads;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Manifests;

/// <summary>Reads an image as a client would that knows nothing but its digest: documents with their bytes, layers by HEAD alone.</summary>
/// <remarks>
/// Everything is asked for again, what was found there at the start of the publish too: an answer from before the manifests were stored tells
/// nothing of a registry that was restarted since, or whose garbage collection ran.
/// </remarks>
internal sealed class ReadBack(RegistryTransport transport, RepositoryAddress address)
{
    // As many as blobs are sent at a time.
    private const int MaxConcurrency = 4;

    private readonly ManifestLookup _manifests = new(transport, address);
    private readonly BlobLookup _blobs = new(transport, address);
    private readonly ConcurrentDictionary<Digest, Descriptor> _missing = new();

    /// <summary>What of the image the registry does not have; empty when all is there.</summary>
    /// <exception cref="RegistryException">The registry fails.</exception>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.RegistryContentMismatch"/>: it has something else.</exception>
    public async Task<IReadOnlyList<Descriptor>> FindMissingAsync(Document image, CancellationToken cancellationToken)
    {
        var top = await ReadManifestAsync(image.Describe(), cancellationToken);
        if (top is null)
        {
            return [image.Describe()];
        }

        var manifests = new ConcurrentBag<Document>();
        if (MediaTypes.IsIndex(top.MediaType))
        {
            await EachAsync(ImageIndex.Parse(top.Bytes.Span).Manifests, async (child, token) =>
            {
                if (await ReadManifestAsync(child, token) is { } manifest)
                {
                    manifests.Add(manifest);
                }
            });
        }
        else
        {
            manifests.Add(top);
        }

        var contents = manifests.Select(manifest => ImageManifest.Parse(manifest.Bytes.Span)).ToList();
        var configs = contents.Select(content => content.Config.Digest).ToHashSet();
        var blobs = contents.SelectMany(content => content.Layers.Prepend(content.Config)).DistinctBy(blob => blob.Digest);
        await EachAsync(blobs, (blob, token) => configs.Contains(blob.Digest) ? ReadConfigAsync(blob, token) : LookForAsync(blob, token));
        return [.. _missing.Values];

        Task EachAsync(IEnumerable<Descriptor> descriptors, Func<Descriptor, CancellationToken, Task> check) =>
            Parallel.ForEachAsync(
                descriptors,
                new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = cancellationToken },
                async (descriptor, token) => await check(descriptor, token));
    }

    /// <summary>A manifest that was just stored may not be seen for some seconds (Nexus), so its absence, like a blob's, is looked at more than once.</summary>
    /// <returns>Null when it is not there.</returns>
    private async Task<Document?> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        var action = $"read back the manifest {manifest.Digest} of {address.Repository}";
        try
        {
            var document = await transport.Retries.RunAsync(
                address,
                action,
                (_, token) => ReadOnceAsync(manifest, action, token),
                cancellationToken);
            return document.MediaType == manifest.MediaType ? document : throw new MultiArchException(
                DiagnosticCodes.RegistryContentMismatch,
                $"{address.Registry} gives back the manifest {manifest.Digest} of {address.Repository} as {document.MediaType}, and it is {manifest.MediaType}. "
                    + "Look at the proxies in between, or tell the registry's operator.");
        }
        catch (RegistryException e) when (e.Code == DiagnosticCodes.NotStored)
        {
            _missing[manifest.Digest] = manifest;
            return null;
        }
    }

    private async Task<Document> ReadOnceAsync(Descriptor manifest, string action, CancellationToken cancellationToken)
    {
        try
        {
            return await _manifests.FindAsync(manifest.Digest.ToString(), cancellationToken)
                ?? throw NotThere(action);
        }
        catch (MultiArchException e) when (e.Code == DiagnosticCodes.RegistryContentMismatch)
        {
            // docker-registry 2.8.2 shows a file in the making while another publisher stores the same one.
            throw new RegistryException(e.Code, e.Message, Retry.Again, e);
        }
    }

    // What a registry or a cache in front of it does not show yet may be there a moment later, and is not sent again before it had that moment.
    private async Task ReadConfigAsync(Descriptor config, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await new BlobDownload(transport, address, config).OpenAsync(cancellationToken, isExpected: true);
            await content.CopyToAsync(Stream.Null, cancellationToken);
        }
        catch (RegistryException e) when (e.Status is System.Net.HttpStatusCode.NotFound)
        {
            _missing[config.Digest] = config;
        }
    }

    /// <summary>Where a registry does not tell, it is believed: it took the manifests that name the layer.</summary>
    private async Task LookForAsync(Descriptor layer, CancellationToken cancellationToken)
    {
        var action = $"look for the blob {layer.Digest} in {address.Repository}";
        try
        {
            await transport.Retries.RunAsync(
                address,
                action,
                async (_, token) => await _blobs.FindAsync(layer, token) is not false ? true : throw NotThere(action),
                cancellationToken);
        }
        catch (RegistryException e) when (e.Code == DiagnosticCodes.NotStored)
        {
            _missing[layer.Digest] = layer;
        }
    }

    private RegistryException NotThere(string action) =>
        new(DiagnosticCodes.NotStored, $"{address.Registry}, asked to {action}, does not have it.", Retry.Again);
}

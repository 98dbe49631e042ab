using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Registry.Manifests;

/// <summary>Stores a manifest or index, under its digest or under a tag.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests</remarks>
internal sealed class ManifestUpload(RegistryTransport transport, RepositoryAddress address)
{
    private readonly ManifestLookup _lookup = new(transport, address);
    private readonly BlobLookup _blobs = new(transport, address);

    /// <summary>Stores it under its digest, where no reader finds it yet.</summary>
    /// <exception cref="MissingContentException">The registry does not have all that the manifest names.</exception>
    public Task WriteAsync(Document manifest, CancellationToken cancellationToken)
    {
        var action = $"store the manifest {manifest.Digest} in {address.Repository}";
        return transport.Retries.RunAsync(address, action, AttemptAsync, cancellationToken);

        async Task<bool> AttemptAsync(int attempt, CancellationToken token)
        {
            // The answer to the last attempt may have been lost.
            if (attempt > 1 && (await _lookup.FindStateAsync(manifest.Digest.ToString(), action, token)).Digest == manifest.Digest)
            {
                return true;
            }

            try
            {
                await PutAsync(manifest, manifest.Digest.ToString(), action, token);
                return true;
            }
            catch (RegistryException e) when (IsAboutContent(e))
            {
                var missing = await FindMissingAsync(manifest, token);
                // Nexus may not see for some seconds what it has just stored: then there is nothing to do but to wait.
                throw missing.Count > 0 ? new MissingContentException(e.Code, e.Message, missing, e) : e.WorthAnother();
            }
        }
    }

    /// <summary>Whether a registry lacks what a manifest names, or takes what it has for other bytes.</summary>
    /// <remarks>
    /// docker-registry 2.8.2 writes its files in place: to whoever stores a manifest while another publisher stores the same one, it may be
    /// missing or of another digest for a moment.
    /// </remarks>
    public static bool IsAboutContent(RegistryException failure) => failure.Names("MANIFEST_BLOB_UNKNOWN", "BLOB_UNKNOWN", "MANIFEST_UNKNOWN", "DIGEST_INVALID");

    /// <summary>Sends it once.</summary>
    /// <param name="reference">A tag or its digest.</param>
    public async Task PutAsync(Document manifest, string reference, string action, CancellationToken cancellationToken)
    {
        var request = _lookup.Request(HttpMethod.Put, reference, action) with
        {
            Accept = [],
            Access = RegistryAccess.Push,
            Body = new RequestBody(manifest.Describe(), BlobSource.FromBytes(manifest.Bytes), manifest.MediaType),
        };
        using var response = await transport.SendAsync(request, cancellationToken);
        if (!response.IsSuccess || response.IsPage)
        {
            throw Explain(manifest, await ResponseFailure.ReadAsync(response, cancellationToken));
        }

        // Another algorithm's digest says nothing of the bytes, and is passed over.
        if (response.ContentDigest is { } stored && stored != manifest.Digest)
        {
            throw new MultiArchException(
                DiagnosticCodes.RegistryContentMismatch,
                $"{response.Request.Host}, asked to {action}, stored {stored} in place of {manifest.Digest}. "
                    + "Look at the proxies in between, or tell the registry's operator.");
        }
    }

    /// <summary>Old registries refuse an index in their own ways: Gitea with 404 or 500, Quay with 415, others with a 400 that names no error.</summary>
    private RegistryException Explain(Document manifest, RegistryException failure)
    {
        var isAboutFormat = failure.Errors.Count == 0
            && failure.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed
            && MediaTypes.IsIndex(manifest.MediaType);
        return !isAboutFormat ? failure : new RegistryException(
            failure.Code,
            $"{failure.Reason} It may be too old for what it was sent, an index of type {manifest.MediaType}: set ContainerImageFormat to Docker, or correct {address.Settings}.",
            Retry.Never,
            failure)
        {
            Reason = failure.Reason,
            Status = failure.Status,
            Errors = failure.Errors,
        };
    }

    private async Task<IReadOnlyList<Descriptor>> FindMissingAsync(Document manifest, CancellationToken cancellationToken)
    {
        var missing = new List<Descriptor>();
        if (MediaTypes.IsIndex(manifest.MediaType))
        {
            foreach (var child in ImageIndex.Parse(manifest.Bytes.Span).Manifests)
            {
                var state = await _lookup.FindHeaderAsync(child.Digest.ToString(), $"look for the manifest {child.Digest} in {address.Repository}", cancellationToken);
                if (state is { IsKnown: true, Digest: null })
                {
                    missing.Add(child);
                }
            }

            return missing;
        }

        var content = ImageManifest.Parse(manifest.Bytes.Span);
        foreach (var blob in content.Layers.Prepend(content.Config).DistinctBy(blob => blob.Digest))
        {
            if (await _blobs.FindAsync(blob, cancellationToken) is false)
            {
                missing.Add(blob);
            }
        }

        return missing;
    }
}

using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Registry;

/// <summary>One repository of one registry, over HTTP.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md</remarks>
public sealed class RegistryClient : IImageStore
{
    private readonly RegistryTransport _transport;
    private readonly RepositoryAddress _address;

    /// <summary>Connects to nothing yet: the first request does.</summary>
    /// <param name="repository">Its tag and digest are of no account.</param>
    /// <param name="transport">Not owned: the clients of one publish share it.</param>
    /// <param name="setting">
    /// The property to correct when the name is wrong; null for <c>ContainerRegistry</c> and <c>ContainerRepository</c>.
    /// </param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidRegistry"/>.</exception>
    public RegistryClient(ImageReference repository, RegistryTransport transport, string? setting = null)
    {
        _transport = transport;
        _address = new RepositoryAddress(repository, setting);
        Repository = new ImageReference(repository.Registry, repository.Repository);
    }

    public ImageReference Repository { get; }

    public async Task<bool> ContainsBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        var request = BlobRequest(HttpMethod.Head, blob, $"look for the blob {blob.Digest} in {_address.Repository}");
        using var response = await _transport.SendAsync(request, cancellationToken);
        return response switch
        {
            { Status: HttpStatusCode.NotFound } => false,
            // Artifactory answers 403 to a HEAD whose PUT it takes, and some proxies know no HEAD: whether it is there is unknown.
            { Status: HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed } => false,
            { Status: not HttpStatusCode.OK } or { IsPage: true } => throw await ResponseFailure.ReadAsync(response, cancellationToken),
            { ContentLength: { } length } when length != blob.Size => throw OtherSize(blob, length),
            // Without a length it is unknown too.
            _ => response.ContentLength is not null,
        };
    }

    public async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        var request = BlobRequest(HttpMethod.Get, blob, $"read the blob {blob.Digest} of {_address.Repository}");
        var response = await _transport.SendAsync(request, cancellationToken);
        try
        {
            return response switch
            {
                { Status: not HttpStatusCode.OK } or { IsPage: true } => throw await ResponseFailure.ReadAsync(response, cancellationToken),
                { ContentLength: { } length } when length != blob.Size => throw OtherSize(blob, length),
                _ => new VerifyingStream(await response.OpenBodyAsync(cancellationToken), blob, Repository.Name, DiagnosticCodes.RegistryContentMismatch),
            };
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public async Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken) =>
        await ContainsBlobAsync(blob, cancellationToken)
            ? BlobWrite.Reused
            : await new BlobUpload(_transport, _address, blob, source).RunAsync(cancellationToken);

    public async Task<Document?> FindManifestAsync(string reference, CancellationToken cancellationToken)
    {
        var request = ManifestRequest(HttpMethod.Get, reference, $"read the manifest {reference} of {_address.Repository}");
        using var response = await _transport.SendAsync(request, cancellationToken);
        if (response.Status is HttpStatusCode.NotFound && !response.IsPage)
        {
            return null;
        }

        return response.Status is HttpStatusCode.OK
            ? await ManifestReader.ReadAsync(response, reference, cancellationToken)
            : throw await ResponseFailure.ReadAsync(response, cancellationToken);
    }

    /// <summary>Asks for the header alone, which Docker Hub does not count as a pull.</summary>
    public Task<Digest?> FindDigestAsync(string tag, CancellationToken cancellationToken) =>
        FindDigestAsync(tag, $"read the manifest {tag} of {_address.Repository}", cancellationToken);

    /// <summary>
    /// Asks for the tags and for the manifest of each platform: some garbage collections remove what an index names and no tag does. What the
    /// manifests name, they keep.
    /// </summary>
    public async Task<bool> HoldsTaggedAsync(Document image, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        IEnumerable<(string Reference, Digest Digest)> expected = tags.Select(tag => (tag, image.Digest));
        if (MediaTypes.IsIndex(image.MediaType))
        {
            expected = [.. expected, .. ImageIndex.Parse(image.Bytes.Span).Manifests.Select(entry => (entry.Digest.ToString(), entry.Digest))];
        }

        var answers = await Task.WhenAll(expected.Select(async named => await FindDigestAsync(named.Reference, cancellationToken) == named.Digest));
        return !answers.Contains(false);
    }

    public Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken)
    {
        var action = $"store the manifest {manifest.Digest} in {_address.Repository}";
        return PutManifestAsync(manifest, manifest.Digest.ToString(), action, cancellationToken);
    }

    public async Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        // One after the other: Quay mixes up two tags that are given to one manifest at the same time.
        for (var i = 0; i < tags.Count; i++)
        {
            try
            {
                await TagAsync(manifest, tags[i], cancellationToken);
            }
            catch (MultiArchException e) when (i > 0)
            {
                var moved = string.Join(", ", tags.Take(i));
                throw new MultiArchException(e.Code, $"{e.Message} These tags name {manifest.Digest} already: {moved}.", e);
            }
        }
    }

    private async Task TagAsync(Document manifest, string tag, CancellationToken cancellationToken)
    {
        var action = $"tag {_address.Repository} as {tag}";
        // Where tags cannot be moved, even a PUT of what they name is refused.
        if (await FindDigestAsync(tag, action, cancellationToken) != manifest.Digest)
        {
            await PutManifestAsync(manifest, tag, action, cancellationToken);
        }
    }

    /// <returns>Null for all that is no answer with a digest: whatever is wrong, the request that follows says so better.</returns>
    private async Task<Digest?> FindDigestAsync(string tag, string action, CancellationToken cancellationToken)
    {
        using var response = await _transport.SendAsync(ManifestRequest(HttpMethod.Head, tag, action), cancellationToken);
        return response is { Status: HttpStatusCode.OK, IsPage: false } ? response.ContentDigest : null;
    }

    private async Task PutManifestAsync(Document manifest, string reference, string action, CancellationToken cancellationToken)
    {
        var request = ManifestRequest(HttpMethod.Put, reference, action) with
        {
            Accept = [],
            Body = new RequestBody(manifest.Describe(), BlobSource.FromBytes(manifest.Bytes), manifest.MediaType),
        };
        using var response = await _transport.SendAsync(request, cancellationToken);
        if (!response.IsSuccess || response.IsPage)
        {
            throw await ResponseFailure.ReadAsync(response, cancellationToken);
        }

        if (response.ContentDigest is { } stored && stored != manifest.Digest)
        {
            throw new MultiArchException(
                DiagnosticCodes.RegistryContentMismatch,
                $"{response.Request.Host}, asked to {action}, stored {stored} in place of {manifest.Digest}. "
                    + "Look at the proxies in between, or tell the registry's operator.");
        }
    }

    private RegistryRequest BlobRequest(HttpMethod method, Descriptor blob, string action) =>
        new(method, _address.Blob(blob.Digest), _address, action);

    private RegistryRequest ManifestRequest(HttpMethod method, string reference, string action) =>
        ImageReference.IsTag(reference) || Digest.TryParse(reference, out _)
            ? new RegistryRequest(method, _address.Manifest(reference), _address, action) { Accept = MediaTypes.Manifests }
            : throw new ArgumentException($"'{reference}' is neither a tag nor a digest.", nameof(reference));

    private MultiArchException OtherSize(Descriptor blob, long length) => new(
        DiagnosticCodes.RegistryContentMismatch,
        $"{Repository.Name} holds {length} bytes as the blob {blob.Digest}, which has {blob.Size}. "
            + "Let the registry's operator remove that blob, then publish again.");
}

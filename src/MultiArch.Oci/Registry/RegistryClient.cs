using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Downloads;
using MultiArch.Oci.Registry.Manifests;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Registry.Uploads;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Registry;

/// <summary>One repository of one registry, over HTTP.</summary>
/// <remarks>
/// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md. Each method is an operation that is tried again as a whole when
/// that may help; what it is made of sends each request once.
/// </remarks>
public sealed class RegistryClient : IImageStore
{
    private readonly RegistryTransport _transport;
    private readonly RepositoryAddress _address;
    private readonly BlobLookup _blobs;
    private readonly ManifestLookup _manifests;

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
        _address = new RepositoryAddress(repository, setting, transport.Options.IsInsecure(repository.Registry));
        _blobs = new BlobLookup(transport, _address);
        _manifests = new ManifestLookup(transport, _address);
        Repository = new ImageReference(repository.Registry, repository.Repository);
    }

    public ImageReference Repository { get; }

    /// <summary>Whether the registry says that it holds the blob; false also when it does not tell.</summary>
    public async Task<bool> ContainsBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        await RunAsync($"look for the blob {blob.Digest} in {_address.Repository}", token => _blobs.FindAsync(blob, token), cancellationToken) is true;

    /// <summary>Opens a blob. A download that breaks off goes on where it was, as long as that may help.</summary>
    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        new BlobDownload(_transport, _address, blob).OpenAsync(cancellationToken);

    public async Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken)
    {
        using var upload = new BlobUpload(_transport, _address, blob, source);
        return await upload.RunAsync(cancellationToken);
    }

    public Task<Document?> FindManifestAsync(string reference, CancellationToken cancellationToken) =>
        RunAsync($"read the manifest {reference} of {_address.Repository}", token => _manifests.FindAsync(reference, token), cancellationToken);

    /// <summary>Asks for the header alone, which Docker Hub does not count as a pull.</summary>
    public async Task<Digest?> FindDigestAsync(string tag, CancellationToken cancellationToken)
    {
        var action = $"read the manifest {tag} of {_address.Repository}";
        return (await RunAsync(action, token => _manifests.FindHeaderAsync(tag, action, token), cancellationToken)).Digest;
    }

    /// <summary>
    /// Asks for the tags, or without any for the image itself, and for the manifest of each platform: some garbage collections remove what an index names and no tag does. What the
    /// manifests name, they keep.
    /// </summary>
    public async Task<bool> HoldsTaggedAsync(Document image, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        IEnumerable<(string Reference, Digest Digest)> expected = tags.Count > 0 ? tags.Select(tag => (tag, image.Digest)) : [(image.Digest.ToString(), image.Digest)];
        if (MediaTypes.IsIndex(image.MediaType))
        {
            expected = [.. expected, .. ImageIndex.Parse(image.Bytes.Span).Manifests.Select(entry => (entry.Digest.ToString(), entry.Digest))];
        }

        var answers = await Task.WhenAll(expected.Select(async named =>
        {
            var action = $"read the manifest {named.Reference} of {_address.Repository}";
            var state = await RunAsync(action, token => _manifests.FindStateAsync(named.Reference, action, token), cancellationToken);
            return state.Digest == named.Digest;
        }));
        return !answers.Contains(false);
    }

    public Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken) =>
        new ManifestUpload(_transport, _address).WriteAsync(manifest, cancellationToken);

    public Task<IReadOnlyList<Descriptor>> FindMissingAsync(Document image, CancellationToken cancellationToken) =>
        new ReadBack(_transport, _address).FindMissingAsync(image, cancellationToken);

    public Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        new TagMoves(_transport, _address, manifest, tags).RunAsync(cancellationToken);

    public Task<Digest?> ReplaceTagAsync(Document manifest, string tag, Digest? expected, CancellationToken cancellationToken) =>
        new TagMoves(_transport, _address, manifest, [tag], keepsOthers: true).ReplaceAsync(expected, cancellationToken);

    private Task<T> RunAsync<T>(string action, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken) =>
        _transport.Retries.RunAsync(_address, action, (_, token) => operation(token), cancellationToken);
}

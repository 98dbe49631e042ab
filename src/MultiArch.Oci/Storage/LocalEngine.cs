using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>The images of a docker or podman on this machine, through its command line.</summary>
/// <remarks>What is written lies in a work folder until <see cref="TagAsync"/> loads it. An engine is not asked what it has: it knows what it can reuse.</remarks>
public sealed class LocalEngine : IImageStore, IDisposable
{
    private readonly IEngineLoader _loader;
    private readonly StagedImage _staged;

    private LocalEngine(IEngineLoader loader, string workFolder)
    {
        _loader = loader;
        _staged = new StagedImage(workFolder);
    }

    /// <summary>What the engine calls the image: registry and repository, without tag.</summary>
    public string Name => _loader.Name;

    /// <summary>What people type to use it: <c>docker</c> or <c>podman</c>.</summary>
    public string Command => _loader.Command;

    /// <param name="workFolder">Absolute; for what is collected, in a folder of its own that is gone afterwards.</param>
    public static LocalEngine Docker(EngineProgram program, string repository, string workFolder) => new(new DockerLoader(program, repository), workFolder);

    /// <inheritdoc cref="Docker"/>
    public static LocalEngine Podman(EngineProgram program, string repository, string workFolder) => new(new PodmanLoader(program, repository), workFolder);

    public Task<bool> ContainsBlobAsync(Descriptor blob, CancellationToken cancellationToken) => _staged.ContainsBlobAsync(blob, cancellationToken);

    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) => _staged.OpenBlobAsync(blob, cancellationToken);

    public Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken) =>
        _staged.WriteBlobAsync(blob, source, cancellationToken);

    /// <summary>Finds what was written through this store alone.</summary>
    public Task<Document?> FindManifestAsync(string reference, CancellationToken cancellationToken) => _staged.FindManifestAsync(reference, cancellationToken);

    public Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken) => _staged.WriteManifestAsync(manifest, cancellationToken);

    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.EngineFailed"/>, <see cref="DiagnosticCodes.EngineTakesOnePlatform"/> or <see cref="DiagnosticCodes.NoLocalEngine"/>.
    /// </exception>
    public Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        _loader.LoadAsync(_staged, manifest, tags, cancellationToken);

    public void Dispose() => _staged.Dispose();
}

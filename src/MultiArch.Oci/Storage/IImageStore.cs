using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>Blobs, manifests and tags of one image name: a repository of a registry, or an OCI image layout.</summary>
public interface IImageStore
{
    /// <summary>What others can mount blobs from; null for what is no repository of a registry.</summary>
    ImageReference? Repository => null;

    /// <summary>Whether a blob of this digest and size is stored; a store on disk reads it, so that a spoilt one is not there.</summary>
    Task<bool> ContainsBlobAsync(Descriptor blob, CancellationToken cancellationToken);

    /// <summary>Opens a blob. The stream fails at its end, with a <see cref="MultiArchException"/>, if the bytes are not the digest's or the size differs.</summary>
    Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a blob. When this returns, the content is stored under its digest, whoever put it there; when it throws, nothing
    /// incomplete can be read.
    /// </summary>
    Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken);

    /// <summary>A manifest or index by tag or by digest; null when there is none. What is asked for by digest is checked against it.</summary>
    Task<Document?> FindManifestAsync(string reference, CancellationToken cancellationToken);

    /// <summary>The digest that a tag names, for less than the manifest costs; null when there is no such tag, or when the manifest has to be read.</summary>
    Task<Digest?> FindDigestAsync(string tag, CancellationToken cancellationToken) => Task.FromResult<Digest?>(null);

    /// <summary>
    /// Whether every tag names this image already and the store answers for all that the image consists of, so that there is nothing to
    /// ask and nothing to write. False also means: unknown.
    /// </summary>
    Task<bool> HoldsTaggedAsync(Document image, IReadOnlyList<string> tags, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>Stores a manifest or index under its digest alone. All that it names must be stored already.</summary>
    /// <exception cref="MissingContentException">It is not; when it is, the same call succeeds.</exception>
    Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken);

    /// <summary>
    /// What is missing of an image that was stored a moment ago, as a reader would find out: documents are read and hashed, layers looked for
    /// with their size. Empty when nothing is, and where the store is on this machine and has seen every byte.
    /// </summary>
    /// <exception cref="MultiArchException">The store cannot be read, or holds something else.</exception>
    Task<IReadOnlyList<Descriptor>> FindMissingAsync(Document image, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Descriptor>>([]);

    /// <summary>Points tags, in the given order, at a manifest that is stored already.</summary>
    Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken);

    /// <summary>
    /// Points a tag at a manifest that is stored already, if the tag names what is expected directly before, and says what it names directly
    /// afterwards. No registry does both in one step: what somebody else does in between is lost, and only found if it comes later.
    /// </summary>
    /// <param name="expected">Null: no such tag.</param>
    /// <returns>The manifest's digest when it was tagged, or was so already; what somebody else has put there; null when there is no such tag.</returns>
    Task<Digest?> ReplaceTagAsync(Document manifest, string tag, Digest? expected, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Only a registry has tags that others move.");
}

/// <summary>How a blob came to be in a store.</summary>
public enum BlobWrite
{
    /// <summary>It was there: no byte was sent.</summary>
    Reused,

    /// <summary>The registry linked it from another of its repositories: no byte was sent.</summary>
    Mounted,

    /// <summary>Its bytes were sent.</summary>
    Uploaded,
}

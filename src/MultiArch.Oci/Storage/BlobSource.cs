namespace MultiArch.Oci.Storage;

/// <summary>Where the bytes of a blob come from.</summary>
/// <param name="open">Opens the bytes from their start; called again for every attempt, and never if the destination has the blob.</param>
/// <param name="findMountFrom">
/// Finds a registry and repository known to hold the blob, if any; asked when the destination was found not to have it.
/// </param>
public sealed class BlobSource(Func<CancellationToken, Task<Stream>> open, Func<CancellationToken, Task<ImageReference?>> findMountFrom)
{
    private static readonly Task<ImageReference?> Nowhere = Task.FromResult<ImageReference?>(null);

    /// <param name="open">As above.</param>
    /// <param name="mountFrom">A registry and repository known to hold the blob, if any.</param>
    public BlobSource(Func<CancellationToken, Task<Stream>> open, ImageReference? mountFrom = null)
        : this(open, mountFrom is null ? _ => Nowhere : _ => Task.FromResult<ImageReference?>(mountFrom))
    {
    }

    public static BlobSource FromBytes(ReadOnlyMemory<byte> bytes) =>
        new(_ => Task.FromResult<Stream>(new MemoryStream(bytes.ToArray(), writable: false)));

    /// <param name="path">An absolute path.</param>
    public static BlobSource FromFile(string path) =>
        new(_ => Task.FromResult<Stream>(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan)));

    public Task<Stream> OpenAsync(CancellationToken cancellationToken) => open(cancellationToken);

    public Task<ImageReference?> FindMountFromAsync(CancellationToken cancellationToken) => findMountFrom(cancellationToken);
}

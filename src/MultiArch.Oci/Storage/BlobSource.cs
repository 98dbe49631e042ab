namespace MultiArch.Oci.Storage;

/// <summary>Where the bytes of a blob come from.</summary>
/// <param name="open">Opens the bytes from their start; called again for every attempt, and never if the destination has the blob.</param>
/// <param name="mountFrom">A registry and repository known to hold the blob, if any.</param>
public sealed class BlobSource(Func<CancellationToken, Task<Stream>> open, ImageReference? mountFrom = null)
{
    public ImageReference? MountFrom { get; } = mountFrom;

    public static BlobSource FromBytes(ReadOnlyMemory<byte> bytes) =>
        new(_ => Task.FromResult<Stream>(new MemoryStream(bytes.ToArray(), writable: false)));

    /// <param name="path">An absolute path.</param>
    public static BlobSource FromFile(string path) =>
        new(_ => Task.FromResult<Stream>(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan)));

    public Task<Stream> OpenAsync(CancellationToken cancellationToken) => open(cancellationToken);
}

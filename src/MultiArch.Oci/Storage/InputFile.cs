namespace MultiArch.Oci.Storage;

/// <summary>A file that somebody made for us to read: only a regular one has an end, and is there at once.</summary>
public static class InputFile
{
    /// <param name="path">Absolute; a link is followed.</param>
    /// <returns>What it is in place of a regular file, such as <c>a named pipe</c>; null for one, and for what does not exist.</returns>
    public static string? KindOf(string path) => SpecialFile.KindOf(new FileInfo(OutputFile.Follow(path)));

    /// <exception cref="IOException">It is no regular file, or not there.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not ours to read.</exception>
    public static FileStream Open(string path) => KindOf(path) is { } kind
        ? throw new IOException($"it is {kind}")
        : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <param name="maxSize">Bytes; more are not read.</param>
    /// <exception cref="FormatException">It is larger, or grows.</exception>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static async Task<byte[]> ReadAsync(string path, int maxSize, CancellationToken cancellationToken)
    {
        await using var file = Open(path);
        if (file.Length > maxSize)
        {
            throw new FormatException($"it has {file.Length} bytes, more than {maxSize}");
        }

        var bytes = new byte[file.Length + 1];
        var read = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return read < bytes.Length ? bytes[..read] : throw new FormatException("it grows while it is read");
    }
}

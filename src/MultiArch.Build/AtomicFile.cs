using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>Writes a file whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Leaves a file alone that already has the content, its time included.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.CannotWrite"/>.</exception>
    public static async Task WriteIfChangedAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        try
        {
            if (File.Exists(path) && (await File.ReadAllBytesAsync(path, cancellationToken)).AsSpan().SequenceEqual(content))
            {
                return;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await ReplaceAsync(path, content, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MultiArchException(
                DiagnosticCodes.CannotWrite,
                $"Cannot write '{path}': {e.Message.ReplaceLineEndings(" ")} Free space there, or correct its permissions, and publish again.",
                e);
        }
    }

    private static async Task ReplaceAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        // A name of its own: two builds may write the same file.
        var partial = $"{path}.{Path.GetRandomFileName()}.partial";
        try
        {
            await File.WriteAllBytesAsync(partial, content, cancellationToken);
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}

using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>Writes files whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Leaves a file alone that already has the content, its time included.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.CannotWrite"/>.</exception>
    public static Task WriteIfChangedAsync(string path, byte[] content, CancellationToken cancellationToken) =>
        WriteIfChangedAsync([(path, content)], cancellationToken);

    /// <summary>The same for files that belong together: none is replaced before all are on the disk.</summary>
    /// <inheritdoc cref="WriteIfChangedAsync(string, byte[], CancellationToken)" path="/exception"/>
    public static async Task WriteIfChangedAsync(IReadOnlyList<(string Path, byte[] Content)> files, CancellationToken cancellationToken)
    {
        var staged = new List<(string Path, string Partial)>();
        var current = "";
        try
        {
            foreach (var (path, content) in files)
            {
                current = path;
                if (File.Exists(path) && (await File.ReadAllBytesAsync(path, cancellationToken)).AsSpan().SequenceEqual(content))
                {
                    continue;
                }

                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                // A name of its own: two builds may write the same file.
                var partial = $"{path}.{Path.GetRandomFileName()}.partial";
                staged.Add((path, partial));
                await File.WriteAllBytesAsync(partial, content, cancellationToken);
            }

            foreach (var (path, partial) in staged)
            {
                current = path;
                File.Move(partial, path, overwrite: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard();
            throw new MultiArchException(
                DiagnosticCodes.CannotWrite,
                $"Cannot write '{current}': {e.Message.ReplaceLineEndings(" ")} Free space there, or correct its permissions, and publish again.",
                e);
        }
        catch
        {
            Discard();
            throw;
        }

        void Discard() => staged.ForEach(file => File.Delete(file.Partial));
    }
}

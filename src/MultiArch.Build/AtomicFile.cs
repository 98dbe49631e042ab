using MultiArch.Oci;
using MultiArch.Oci.Storage;

namespace MultiArch.Build;

/// <summary>Writes files whole or not at all. A link stays, and what it names is written.</summary>
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
            foreach (var (name, content) in files)
            {
                current = name;
                RequireFile(name);
                var path = OutputFile.Follow(name);
                if (await HoldsAsync(path, content, cancellationToken))
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
                $"Cannot write '{OneLine.Of(current)}': {OneLine.Sentence(e.Message)} Free space there, or correct its permissions, and try again.",
                e);
        }
        catch
        {
            Discard();
            throw;
        }

        void Discard() => staged.ForEach(file => Delete(file.Partial));
    }

    private static void Delete(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to tell.
        }
    }

    /// <summary>Says beforehand what <see cref="WriteIfChangedAsync(string, byte[], CancellationToken)"/> would say of this place.</summary>
    /// <inheritdoc cref="WriteIfChangedAsync(string, byte[], CancellationToken)" path="/exception"/>
    public static void RequireFile(string path)
    {
        if (OutputFile.FindObstacle(path) is { } obstacle)
        {
            throw new MultiArchException(DiagnosticCodes.CannotWrite, $"Cannot write '{OneLine.Of(path)}': {obstacle}. Name another place.");
        }
    }

    /// <summary>Of a file of another length nothing is read: it may be as long as a disk.</summary>
    private static async Task<bool> HoldsAsync(string path, byte[] content, CancellationToken cancellationToken) =>
        new FileInfo(path) is { Exists: true } file && file.Length == content.Length
        && (await File.ReadAllBytesAsync(path, cancellationToken)).AsSpan().SequenceEqual(content);
}

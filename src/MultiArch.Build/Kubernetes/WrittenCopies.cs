using System.Text;
using MultiArch.Oci;

namespace MultiArch.Build.Kubernetes;

/// <summary>A folder of copies, kept to what the last run made: a copy that no source has any more would be applied to a cluster with the others. What we did not write, or what somebody has changed since, is left alone.</summary>
/// <param name="folder">Absolute.</param>
/// <param name="record">Absolute path of our own list of what we have written there: a digest and a path on each line, as <c>sha256sum</c> has it.</param>
internal sealed class WrittenCopies(string folder, string record)
{
    private const string Separator = "  ";

    /// <summary>Writes all copies, or none, and then takes away those of earlier runs that are not among them.</summary>
    /// <param name="copies">By absolute paths below the folder.</param>
    /// <returns>Absolute paths of what was taken away.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.CannotWrite"/>.</exception>
    public async Task<IReadOnlyList<string>> ReplaceAsync(IReadOnlyList<(string Path, byte[] Content)> copies, CancellationToken cancellationToken)
    {
        var written = copies.Select(copy => (Path: Path.GetRelativePath(folder, copy.Path), Digest: Digest.Of(copy.Content).Hex)).ToHashSet();
        var earlier = await ReadAsync(cancellationToken);

        // The record first, of both: whatever is cut short here is found by the next run.
        await WriteAsync([.. written, .. earlier], cancellationToken);
        await AtomicFile.WriteIfChangedAsync(copies, cancellationToken);
        var paths = written.Select(copy => copy.Path).ToHashSet(StringComparer.Ordinal);
        var stale = earlier.Where(copy => !paths.Contains(copy.Path)).Where(copy => RemoveIfOurs(Path.GetFullPath(copy.Path, folder), copy.Digest)).Select(copy => Path.GetFullPath(copy.Path, folder)).ToList();
        await WriteAsync(written, cancellationToken);
        return stale;
    }

    private async Task<IReadOnlyList<(string Path, string Digest)>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await File.ReadAllLinesAsync(record, cancellationToken)).Select(line => line.Split(Separator, 2)).Where(parts => parts.Length == 2).Select(parts => (parts[1], parts[0]))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // nothing was written yet, or nothing is known of it
        }
    }

    private Task WriteAsync(IEnumerable<(string Path, string Digest)> copies, CancellationToken cancellationToken)
    {
        var lines = copies.Where(copy => !copy.Path.Any(char.IsControl)).Select(copy => copy.Digest + Separator + copy.Path + "\n").Distinct().Order(StringComparer.Ordinal);
        return AtomicFile.WriteIfChangedAsync(record, Encoding.UTF8.GetBytes(string.Concat(lines)), cancellationToken);
    }

    private bool RemoveIfOurs(string path, string digest)
    {
        try
        {
            var file = new FileInfo(path);
            var isOurs = path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                && file is { Exists: true, LinkTarget: null }
                && SpecialFile.KindOf(file) is null
                && Digest.Of(File.ReadAllBytes(path)).Hex == digest;
            if (isOurs)
            {
                Remove(path);
            }

            return isOurs;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MultiArchException(
                DiagnosticCodes.CannotWrite,
                $"Cannot remove '{OneLine.Of(path)}', the copy of a file that is no longer resolved: {OneLine.Of(e.Message).TrimEnd('.')}. Remove it, before a cluster is given it.",
                e);
        }
    }

    private void Remove(string path)
    {
        File.Delete(path);
        for (var parent = Path.GetDirectoryName(path)!; parent.Length > Path.TrimEndingDirectorySeparator(folder).Length && !Directory.EnumerateFileSystemEntries(parent).Any(); parent = Path.GetDirectoryName(parent)!)
        {
            Directory.Delete(parent);
        }
    }
}

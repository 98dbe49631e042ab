using MultiArch.Oci.Layers;

namespace MultiArch.Build;

/// <summary>A folder that a user has named, kept equal to what was published. What others put there is left alone.</summary>
/// <param name="folder">Absolute.</param>
/// <param name="list">Absolute path of our own list of what we have put there, a path on each line.</param>
internal sealed class PublishedCopy(string folder, string list)
{
    /// <param name="source">Absolute; what shall be in the folder.</param>
    /// <exception cref="IOException">The disk says no.</exception>
    public async Task UpdateAsync(string source, CancellationToken cancellationToken)
    {
        var files = FileTree.Read(source, "");
        var wanted = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var stale = File.Exists(list) ? (await File.ReadAllLinesAsync(list, cancellationToken)).Where(path => !wanted.Contains(path)).ToList() : [];

        // The list first, of both: whatever is cut short here is found by the next publish.
        await AtomicFile.WriteIfChangedAsync(list, Lines(wanted.Concat(stale)), cancellationToken);
        foreach (var path in stale)
        {
            Remove(path);
        }

        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Put(file);
        }

        await AtomicFile.WriteIfChangedAsync(list, Lines(wanted), cancellationToken);
    }

    private static byte[] Lines(IEnumerable<string> paths) =>
        System.Text.Encoding.UTF8.GetBytes(string.Concat(paths.Order(StringComparer.Ordinal).Select(path => path + "\n")));

    private void Put(LayerFile file)
    {
        var target = Path.Combine(folder, file.Path);
        switch (file)
        {
            case { Type: LayerEntryType.Directory }:
                Directory.CreateDirectory(target);
                break;
            case { LinkTarget: { } link }:
                if (new FileInfo(target).LinkTarget != link)
                {
                    MakeRoom(target);
                    File.CreateSymbolicLink(target, link);
                }

                break;
            case { Source: { } source } when !IsSame(source, target):
                MakeRoom(target);
                File.Copy(source, target);
                break;
        }
    }

    /// <summary>A file that is written anew with the same bytes, as the SDK does with web.config, is the same.</summary>
    private static bool IsSame(string source, string target)
    {
        var (from, to) = (new FileInfo(source), new FileInfo(target));
        return to.Exists && to.LinkTarget is null && to.Length == from.Length
            && (to.LastWriteTimeUtc == from.LastWriteTimeUtc || File.ReadAllBytes(source).AsSpan().SequenceEqual(File.ReadAllBytes(target)));
    }

    private static void MakeRoom(string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Delete(target); // Never write through a link that stands here.
    }

    private void Remove(string path)
    {
        var target = Path.Combine(folder, path);
        if (File.Exists(target) || new FileInfo(target).LinkTarget is not null)
        {
            File.Delete(target);
        }

        for (var parent = target; parent.Length > folder.TrimEnd(Path.DirectorySeparatorChar).Length; parent = Path.GetDirectoryName(parent)!)
        {
            if (Directory.Exists(parent))
            {
                if (Directory.EnumerateFileSystemEntries(parent).Any())
                {
                    break;
                }

                Directory.Delete(parent);
            }
        }
    }
}

using Microsoft.Build.Framework;

namespace MultiArch.Build.Tasks;

/// <summary>Moves files of the last publish to where .NET is about to copy the very same ones: it then finds them up to date, and writes nothing.</summary>
/// <remarks>
/// A file is the same if content, time and mode are those of its source, as a copy has them. Nothing is taken on trust: a hook may have
/// changed a file in place, and two versions of a package may differ in no file's size and time.
/// </remarks>
[MSBuildMultiThreadableTask]
public sealed class TakeUnchangedFiles : Microsoft.Build.Utilities.Task
{
    /// <summary>What .NET is about to copy. Metadata: <c>RelativePath</c>, in the publish folder.</summary>
    public ITaskItem[] Files { get; set; } = [];

    /// <summary>Absolute. A file that stands here already is left alone.</summary>
    [Required]
    public string PublishDirectory { get; set; } = "";

    /// <summary>Absolute; what the last publish made.</summary>
    [Required]
    public string LastPublishDirectory { get; set; } = "";

    public override bool Execute()
    {
        var last = Path.GetFullPath(LastPublishDirectory);
        if (!Directory.Exists(last))
        {
            return true;
        }

        // Of two files with one path the SDK decides: it may be told to let the later one win.
        var files = Files
            .GroupBy(file => Path.GetFullPath(Path.Combine(last, file.GetMetadata("RelativePath").Replace('\\', Path.DirectorySeparatorChar))), StringComparer.Ordinal)
            .Where(group => group.Count() == 1 && group.Key.StartsWith(last, StringComparison.Ordinal))
            .Select(group => (Last: group.Key, Source: group.Single().GetMetadata("FullPath"), Target: Path.Combine(PublishDirectory, Path.GetRelativePath(last, group.Key))))
            .ToList();
        Parallel.ForEach(files, file => Take(file.Last, file.Source, file.Target));
        return true;
    }

    private void Take(string last, string source, string target)
    {
        try
        {
            if (IsCopy(new FileInfo(last), new FileInfo(source)) && IsReachedByFolders(last))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Move(last, target, overwrite: false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.LogMessage(MessageImportance.Low, "'{0}' is copied anew: {1}", target, e.Message);
        }
    }

    private static bool IsCopy(FileInfo copy, FileInfo source) =>
        copy.Exists && copy.LinkTarget is null && source.Exists
        && copy.Length == source.Length
        && copy.LastWriteTimeUtc == source.LastWriteTimeUtc
        && copy.UnixFileMode == source.UnixFileMode
        && FileBytes.AreEqual(copy.FullName, source.FullName);

    /// <summary>Behind a link that a hook has made lies something else.</summary>
    private bool IsReachedByFolders(string file)
    {
        for (var folder = new FileInfo(file).Directory!; folder.FullName.Length > Path.TrimEndingDirectorySeparator(LastPublishDirectory).Length; folder = folder.Parent!)
        {
            if (folder.LinkTarget is not null)
            {
                return false;
            }
        }

        return true;
    }
}

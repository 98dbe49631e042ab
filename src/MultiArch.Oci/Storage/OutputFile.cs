namespace MultiArch.Oci.Storage;

/// <summary>A file that somebody named for us to write: each is replaced as a whole, which is right for a regular file alone.</summary>
public static class OutputFile
{
    private static readonly string[] SystemFolders = ["/dev/", "/proc/", "/sys/"];

    /// <summary>Where the file is that a path leads to: a link stays, and what it names is written, as whoever names a link expects. One that leads in a circle names nothing.</summary>
    /// <param name="path">Absolute.</param>
    public static string Follow(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is { } target ? target.FullName : path;
        }
        catch (IOException)
        {
            return path;
        }
    }

    /// <summary>Looks, without opening anything, for what makes it impossible to put a file there. Permissions and free space are found when it is written.</summary>
    /// <param name="path">Absolute.</param>
    /// <returns>Such as <c>it is a device</c>; null when nothing is in the way.</returns>
    public static string? FindObstacle(string path)
    {
        var target = Follow(path);
        // A terminal, a pipe, or a file that a shell has open for the build's own output.
        return SystemFolders.FirstOrDefault(folder => IsBelow(folder, path) || IsBelow(folder, target)) is { } folder
            ? $"below {folder} no file can be replaced"
            : FindObstacleAt(target);
    }

    private static string? FindObstacleAt(string path)
    {
        if (Directory.Exists(path))
        {
            return "it is a folder";
        }

        if (KindOf(path) is { } kind)
        {
            return $"it is {kind}";
        }

        var folder = Path.GetDirectoryName(path);
        while (folder is not null && !Path.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return File.Exists(folder) ? $"'{OneLine.Of(folder)}' is a file, not a folder" : null;
    }

    private static string? KindOf(string path)
    {
        try
        {
            return SpecialFile.KindOf(new FileInfo(path));
        }
        catch (UnauthorizedAccessException)
        {
            return null; // a file that cannot be read may be replaced all the same
        }
    }

    /// <summary>A folder of files in memory is as good as any.</summary>
    private static bool IsBelow(string folder, string path) =>
        path.StartsWith(folder, StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);
}

namespace MultiArch.Testing.Archives;

/// <summary>A file of a package, or a symbolic link.</summary>
/// <param name="Path">Relative to the root: <c>usr/share/app/a.txt</c>.</param>
/// <param name="Mode">Null: 0644.</param>
/// <param name="LinkTarget">Null for a file.</param>
public sealed record TestFile(string Path, string Content = "", UnixFileMode? Mode = null, string? LinkTarget = null)
{
    internal void Write(string root)
    {
        var path = System.IO.Path.Combine(root, Path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        if (LinkTarget is not null)
        {
            File.CreateSymbolicLink(path, LinkTarget);
            return;
        }

        File.WriteAllText(path, Content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, Mode ?? (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead));
        }
    }
}

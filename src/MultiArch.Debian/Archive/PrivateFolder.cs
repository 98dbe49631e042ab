using MultiArch.Oci;

namespace MultiArch.Debian.Archive;

/// <summary>A folder that nobody else can read or write, so that what was checked in it stays what it was.</summary>
/// <param name="path">Absolute; made when it is first needed.</param>
internal sealed class PrivateFolder(string path)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes sure that nobody replaces what was checked.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.PackageCacheUnsafe"/>.</exception>
    public void Require()
    {
        var folder = new DirectoryInfo(path);
        if (folder.LinkTarget is not null)
        {
            throw Unsafe("is a link");
        }

        if (OperatingSystem.IsWindows() || !folder.Exists || (folder.UnixFileMode & ~Private) == 0)
        {
            return;
        }

        try
        {
            File.SetUnixFileMode(path, Private);
        }
        catch (UnauthorizedAccessException)
        {
            throw Unsafe("belongs to somebody else");
        }
        catch (IOException)
        {
            // A medium that cannot be written to: by nobody.
        }
    }

    /// <summary>Makes the folder too if there is none. A name that is there already, be it a link, fails.</summary>
    public FileStream CreateFile(string name)
    {
        Prepare();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path.Combine(path, name), options);
    }

    private void Prepare()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path); // A user's folders are private there.
        }
        else
        {
            Directory.CreateDirectory(path, Private);
            Require();
        }
    }

    private MultiArchException Unsafe(string why) => new(
        DiagnosticCodes.PackageCacheUnsafe,
        $"The cache of packages, '{path}', {why}: what lies there could be replaced after it was checked. Name a folder of your own, or remove this one.");
}

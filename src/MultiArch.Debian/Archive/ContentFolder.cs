using System.Security.Cryptography;
using MultiArch.Oci;
using MultiArch.Oci.Storage;

namespace MultiArch.Debian.Archive;

/// <summary>A folder of files that are told apart by name, which several processes use at once, and which keeps those that were used last.</summary>
/// <remarks>A file is written beside its place and renamed, and its time is that of its last use. Nobody else can read or write the folder.</remarks>
/// <param name="path">Absolute; made when it is first needed.</param>
/// <param name="sizeLimit">Bytes of all files.</param>
internal sealed class ContentFolder(string path, long sizeLimit, TimeProvider time)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string PartialExtension = ".partial";

    // Whoever was handed a file opens it within that time.
    private static readonly TimeSpan InUse = TimeSpan.FromHours(1);

    // A download that takes longer has died.
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>Makes sure that nobody replaces what was checked.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.PackageCacheUnsafe"/>.</exception>
    public void RequirePrivate()
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

    public string PathOf(string name) => Path.Combine(path, name);

    /// <returns>Null when it is not there, or is no plain file.</returns>
    public byte[]? ReadNamed(string name)
    {
        try
        {
            Touch(name);
            return IsFile(name) ? File.ReadAllBytes(PathOf(name)) : null;
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            return null; // It is fetched again.
        }
    }

    /// <summary>What cannot be written only costs time.</summary>
    public void WriteNamed(string name, byte[] content)
    {
        var partial = PartialName();
        try
        {
            Prepare();
            using (var file = Create(partial))
            {
                file.Write(content);
            }

            File.Move(PathOf(partial), PathOf(name), overwrite: true);
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            Delete(partial);
        }
    }

    /// <summary>Whether a file is there and plain: a link could change after it was looked at.</summary>
    public bool IsFile(string name) => new FileInfo(PathOf(name)) is { Exists: true, LinkTarget: null };

    /// <summary>Makes a file that nobody else has, to be written and renamed by <see cref="Keep"/>.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.PackageCacheUnsafe"/>, <see cref="DiagnosticCodes.CannotWrite"/>.</exception>
    public FileStream CreatePartial()
    {
        try
        {
            Prepare();
            return Create(PartialName());
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            throw DiskErrors.CannotWrite(path, e);
        }
    }

    public void Keep(string partial, string name)
    {
        try
        {
            File.Move(partial, PathOf(name), overwrite: true);
            Touch(name);
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            throw DiskErrors.CannotWrite(path, e);
        }
    }

    /// <summary>Says that a file is in use.</summary>
    public void Touch(string name)
    {
        try
        {
            if (IsFile(name))
            {
                File.SetLastWriteTimeUtc(PathOf(name), time.GetUtcNow().UtcDateTime);
            }
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            // On a read-only medium nothing is removed either.
        }
    }

    /// <summary>Removes what was used longest ago, until the rest is within the limit; nothing that may be in use.</summary>
    public void Trim()
    {
        try
        {
            var now = time.GetUtcNow().UtcDateTime;
            var files = new DirectoryInfo(path).EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc).ToList();
            var size = 0L;
            foreach (var file in files)
            {
                var isPartial = file.Extension == PartialExtension;
                size += file.Length;
                if (isPartial ? now - file.LastWriteTimeUtc > Abandoned : size > sizeLimit && now - file.LastWriteTimeUtc > InUse)
                {
                    size -= file.Length;
                    file.Delete();
                }
            }
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            // Another process trims it, too.
        }
    }

    public void Delete(string name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            // It stays, and is looked at again.
        }
    }

    private static string PartialName() => $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}{PartialExtension}";

    /// <summary>A name that is there already, be it a link, fails.</summary>
    private FileStream Create(string name)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(PathOf(name), options);
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
            RequirePrivate();
        }
    }

    private MultiArchException Unsafe(string why) => new(
        DiagnosticCodes.PackageCacheUnsafe,
        $"The cache of packages, '{path}', {why}: what lies there could be replaced after it was checked. Name a folder of your own, or remove this one.");
}

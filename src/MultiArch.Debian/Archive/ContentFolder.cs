using System.Security.Cryptography;
using MultiArch.Oci;
using MultiArch.Oci.Storage;

namespace MultiArch.Debian.Archive;

/// <summary>A folder of files that are told apart by name, which several processes use at once, and which keeps those that were used last.</summary>
/// <remarks>A file is written beside its place and renamed, and its time is that of its last use.</remarks>
/// <param name="path">Absolute; made when it is first needed.</param>
/// <param name="sizeLimit">Bytes of all files.</param>
internal sealed class ContentFolder(string path, long sizeLimit, TimeProvider time)
{
    private const string PartialExtension = ".partial";

    // Whoever was handed a file opens it within that time.
    private static readonly TimeSpan InUse = TimeSpan.FromHours(1);

    // A download that takes longer has died.
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private readonly PrivateFolder _folder = new(path);

    /// <inheritdoc cref="PrivateFolder.Require"/>
    public void RequirePrivate() => _folder.Require();

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
            using (var file = _folder.CreateFile(partial))
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
            return _folder.CreateFile(PartialName());
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
}

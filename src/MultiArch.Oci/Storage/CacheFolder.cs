using System.Security.Cryptography;

namespace MultiArch.Oci.Storage;

/// <summary>A folder of small files that may be lost, spoilt or shared at any time: each is replaced by rename, and the oldest go.</summary>
/// <remarks>What cannot be read is not there, and what cannot be written only costs time: whoever reads a file checks what it says.</remarks>
/// <param name="path">Absolute; made with the first file. Null keeps nothing.</param>
/// <param name="capacity">Files.</param>
internal sealed class CacheFolder(string? path, int capacity)
{
    public bool Exists => path is not null && Directory.Exists(path);

    /// <param name="maxSize">Bytes; a larger file is none of ours.</param>
    public byte[]? Read(string name, int maxSize)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            // A link has its own length, and may lead to what has no end.
            var file = new FileInfo(Path.Combine(path, name));
            return file.Exists && file.LinkTarget is null && file.Length <= maxSize ? File.ReadAllBytes(file.FullName) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Write(string name, ReadOnlySpan<byte> content)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(path);
            var file = Path.Combine(path, name);
            var partial = $"{file}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.partial";
            File.WriteAllBytes(partial, content);
            File.Move(partial, file, overwrite: true);
            foreach (var old in new DirectoryInfo(path).EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(capacity))
            {
                old.Delete();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is made again next time.
        }
    }
}

using System.Security.Cryptography;

namespace MultiArch.Oci.Storage;

/// <summary>Replaces a file as a whole: the new one is written beside its place and put there by one rename, so whoever reads sees the old or the new. A link stays, and what it names is replaced.</summary>
internal static class WholeFile
{
    public const string PartialSuffix = ".partial";

    /// <param name="path">Absolute; its folder is made if there is none.</param>
    /// <param name="place">A folder, for messages.</param>
    /// <param name="replacing">Called when the new file is whole, directly before it takes the place of the old one.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.CannotWrite"/>; and whatever <paramref name="write"/> throws.</exception>
    public static async Task WriteAsync(string path, string place, Func<Stream, Task> write, Action? replacing = null)
    {
        path = OutputFile.Follow(path);
        var partial = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}{PartialSuffix}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!); // an absolute path of a file has one
            await using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
            {
                await write(file);
            }

            replacing?.Invoke();
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e)
        {
            Remove(partial);
            throw DiskErrors.IsDiskError(e) ? DiskErrors.CannotWrite(place, e) : e;
        }
    }

    private static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            // The folder is not there or not ours: then neither is the file.
        }
    }
}

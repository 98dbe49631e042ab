using System.Formats.Tar;

namespace MultiArch.Oci;

/// <summary>What is no regular file and no folder: a device, a named pipe, a socket. Told without opening it: opening a FIFO waits for its other end.</summary>
public static class SpecialFile
{
    private const int UnspecificIOError = unchecked((int)0x80131620);

    /// <param name="file">Not a link.</param>
    /// <returns>With its article; null for a regular file, a folder, and what does not exist.</returns>
    /// <exception cref="IOException">The system does not tell.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is empty, regular, and not readable for this user.</exception>
    public static string? KindOf(FileInfo file) =>
        // What is special on Unix has length 0, so only empty files need the slower look.
        !OperatingSystem.IsWindows() && file is { Exists: true, Length: 0 } ? KindOf(file.FullName) : null;

    /// <summary>.NET has no public lstat; its tar writer asks the system for a file's type before it opens anything.</summary>
    private static string? KindOf(string path)
    {
        try
        {
            using var tar = new MemoryStream();
            // GNU's form, as USTAR has no room for user ids from 2097152 on.
            using (var writer = new TarWriter(tar, TarEntryFormat.Gnu, leaveOpen: true))
            {
                writer.WriteEntry(path, "file");
            }

            tar.Position = 0;
            using var reader = new TarReader(tar);
            return reader.GetNextEntry()?.EntryType switch
            {
                TarEntryType.Fifo => "a named pipe",
                TarEntryType.CharacterDevice or TarEntryType.BlockDevice => "a device",
                _ => null,
            };
        }
        catch (IOException e) when (e.HResult == UnspecificIOError)
        {
            // "The file type … is not supported": errors of the system carry its errno instead.
            return "a socket";
        }
    }
}

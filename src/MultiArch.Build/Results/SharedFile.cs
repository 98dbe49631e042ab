using System.Text;

namespace MultiArch.Build.Results;

/// <summary>A file to which others add as well, such as another app of the same solution: a change is made as a whole, and none gets lost.</summary>
internal static class SharedFile
{
    private const int Attempts = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Adds lines at the end, and before them the line break that may be missing there.</summary>
    /// <param name="lines">With a line break at the end.</param>
    /// <inheritdoc cref="UpdateAsync" path="/exception"/>
    public static Task AppendLinesAsync(string path, string lines) =>
        UpdateAsync(path, before => [.. before, .. before is [.., not (byte)'\n'] ? "\n"u8 : [], .. Encoding.UTF8.GetBytes(lines)]);

    /// <param name="change">From what the file holds to what it shall hold.</param>
    /// <exception cref="IOException">The file is as it was, as far as the disk lets it be.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is as it was.</exception>
    public static async Task UpdateAsync(string path, Func<byte[], byte[]> change)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = await OpenAsync(path);
        if (!file.CanSeek)
        {
            await file.WriteAsync(change([])); // a pipe or a terminal: somebody looks at what would be in the file
            return;
        }

        var before = new byte[file.Length];
        await file.ReadExactlyAsync(before);
        var after = change(before);
        try
        {
            await WriteAsync(file, after, before.AsSpan().CommonPrefixLength(after));
        }
        catch (IOException)
        {
            await RestoreAsync(file, before);
            throw;
        }
    }

    private static async Task RestoreAsync(FileStream file, byte[] before)
    {
        try
        {
            await WriteAsync(file, before, 0);
        }
        catch (IOException)
        {
            // The first failure is the one to tell.
        }
    }

    private static async Task WriteAsync(FileStream file, byte[] content, int from)
    {
        file.Position = from;
        await file.WriteAsync(content.AsMemory(from));
        file.SetLength(content.Length);
    }

    /// <summary>Nobody else of ours has the file open then: FileShare.None is a lock among .NET's processes.</summary>
    private static async Task<FileStream> OpenAsync(string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            }
            catch (IOException e) when (e.GetType() == typeof(IOException) && attempt < Attempts)
            {
                await Task.Delay(Pause);
            }
        }
    }
}

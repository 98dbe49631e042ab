using MultiArch.Oci;

namespace MultiArch.Debian.Sources;

/// <summary>The files of this machine.</summary>
/// <param name="folder">Absolute; <c>/</c> but for tests. Links in it are followed by the operating system.</param>
public sealed class HostRootFiles(string folder = "/") : IRootFiles
{
    // Bytes. A keyring of all of Debian's removed keys has 0.07 MB.
    private const long MaxSize = 16 * 1024 * 1024;

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.CannotRead"/>.</exception>
    public byte[]? ReadFile(string path)
    {
        var file = Path.Combine(folder, path);
        try
        {
            var size = new FileInfo(file) is { Exists: true } info ? info.Length : -1;
            return size < 0 ? null : size <= MaxSize ? File.ReadAllBytes(file) : throw new IOException($"It has more than {MaxSize} bytes.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MultiArchException(DiagnosticCodes.CannotRead, $"Cannot read '{file}': {OneLine.Of(e.Message).TrimEnd('.')}. Correct its permissions.", e);
        }
    }

    public IEnumerable<string> List(string path)
    {
        try
        {
            return [.. new DirectoryInfo(Path.Combine(folder, path)).EnumerateFiles().Select(file => file.Name)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

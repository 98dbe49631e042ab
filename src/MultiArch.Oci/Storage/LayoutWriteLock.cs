using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>Says that one writer is at work in an image layout: its <c>oci-layout</c> file, written and held open.</summary>
internal sealed class LayoutWriteLock : IDisposable
{
    private readonly FileStream _marker;

    private LayoutWriteLock(FileStream marker) => _marker = marker;

    /// <param name="folder">The layout, an absolute path; it exists.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.LayoutInUse"/>.</exception>
    /// <exception cref="IOException">The disk is full, or will not be written.</exception>
    public static LayoutWriteLock Acquire(string folder)
    {
        var path = Path.Combine(folder, ImageLayoutFile.Marker);
        var marker = Open(folder, path);
        try
        {
            Write(marker);
            return new LayoutWriteLock(marker);
        }
        catch
        {
            marker.Dispose();
            throw;
        }
    }

    public void Dispose() => _marker.Dispose();

    private static FileStream Open(string folder, string path)
    {
        try
        {
            // FileShare.None is an advisory lock on Unix: other tools read the file all the same.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new MultiArchException(
                DiagnosticCodes.LayoutInUse,
                $"Another publish is writing the image layout '{folder}'. Wait for it to end, or publish into another folder.",
                e);
        }
    }

    private static void Write(FileStream marker)
    {
        var content = new byte[ImageLayoutFile.MarkerContent.Length];
        if (marker.Length == content.Length && marker.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) == content.Length
            && ImageLayoutFile.MarkerContent.SequenceEqual(content))
        {
            return;
        }

        marker.SetLength(0);
        marker.Write(ImageLayoutFile.MarkerContent);
        marker.Flush();
    }
}

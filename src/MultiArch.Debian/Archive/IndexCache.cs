using System.Globalization;
using System.Text;
using MultiArch.Oci;

namespace MultiArch.Debian.Archive;

/// <summary>Keeps what archives say, so that what has not changed is not fetched again. What comes out is checked as if it came from the archive.</summary>
/// <param name="folder">Absolute; made when it is first needed.</param>
/// <param name="sizeLimit">Bytes of all files.</param>
public sealed class IndexCache(string folder, long sizeLimit, TimeProvider time)
{
    private readonly ContentFolder _content = new(folder, sizeLimit, time);

    internal KnownRelease? FindRelease(Uri uri)
    {
        // The first line is the header Last-Modified: what came after it was signed, and stays as it came.
        var bytes = _content.ReadNamed(Name(uri));
        var end = bytes.AsSpan().IndexOf((byte)'\n');
        return bytes is not null && end > 0 && DateTimeOffset.TryParseExact(Encoding.ASCII.GetString(bytes, 0, end), "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var modified)
            ? new KnownRelease(bytes[(end + 1)..], modified)
            : null;
    }

    internal void KeepRelease(Uri uri, byte[] content, DateTimeOffset lastModified) =>
        _content.WriteNamed(Name(uri), [.. Encoding.ASCII.GetBytes(lastModified.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture) + "\n"), .. content]);

    internal byte[]? FindIndex(ArchiveFile file) =>
        _content.ReadNamed(file.Sha256.Hex) is { } bytes && bytes.Length == file.Size && Digest.Of(bytes) == file.Sha256 ? bytes : null;

    internal void KeepIndex(ArchiveFile file, byte[] content)
    {
        _content.WriteNamed(file.Sha256.Hex, content);
        _content.Trim();
    }

    private static string Name(Uri uri) => $"{Digest.Of(Encoding.UTF8.GetBytes(uri.AbsoluteUri)).Hex}.InRelease";
}

internal sealed record KnownRelease(byte[] Content, DateTimeOffset LastModified);

using System.Formats.Tar;

namespace MultiArch.Oci.Storage;

/// <summary>Writes an OCI archive, one tar of an image layout: the same bytes on every machine, at every time.</summary>
internal static class ArchiveWriter
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // The width of the size of https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06.
    private const long MaxUstarSize = 0x1_FFFF_FFFF;

    // As in layers.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 1, TimeSpan.Zero);

    /// <param name="store">Holds the blobs.</param>
    /// <param name="destination">Left open.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.ContentMismatch"/>: the store holds other bytes than a digest says.</exception>
    /// <exception cref="IOException">The destination failed.</exception>
    public static async Task WriteAsync(ArchiveContent content, IImageStore store, Stream destination, CancellationToken cancellationToken)
    {
        await using var tar = new TarWriter(destination, TarEntryFormat.Ustar, leaveOpen: true);
        foreach (var folder in new[] { "blobs/", "blobs/sha256/" })
        {
            await tar.WriteEntryAsync(Describe(new UstarTarEntry(TarEntryType.Directory, folder), FolderMode), cancellationToken);
        }

        foreach (var blob in content.Blobs)
        {
            await using var bytes = await store.OpenBlobAsync(blob, cancellationToken);
            await WriteFileAsync(tar, ArchiveContent.PathOf(blob.Digest), bytes, blob.Size, cancellationToken);
        }

        foreach (var (name, bytes) in content.Documents)
        {
            await WriteFileAsync(tar, name, new MemoryStream(bytes.ToArray(), writable: false), bytes.Length, cancellationToken);
        }
    }

    private static async Task WriteFileAsync(TarWriter tar, string name, Stream bytes, long size, CancellationToken cancellationToken)
    {
        TarEntry entry = size <= MaxUstarSize
            ? new UstarTarEntry(TarEntryType.RegularFile, name)
            : new GnuTarEntry(TarEntryType.RegularFile, name) { AccessTime = default, ChangeTime = default };
        entry.DataStream = new SizedStream(bytes, size);
        await tar.WriteEntryAsync(Describe(entry, FileMode), cancellationToken);
        // A tar writer stops at the length, and a blob is verified at its end.
        await bytes.CopyToAsync(Stream.Null, cancellationToken);
    }

    private static TarEntry Describe(TarEntry entry, UnixFileMode mode)
    {
        entry.ModificationTime = Time;
        entry.Mode = mode;
        return entry;
    }

    /// <summary>Claims to seek, because only then a tar writer believes <see cref="Length"/>; otherwise it holds everything in memory first.</summary>
    private sealed class SizedStream(Stream inner, long size) : ReadOnlyStream
    {
        private long _count;

        public override bool CanSeek => true;

        public override long Length => size;

        public override long Position
        {
            get => _count;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            _count += read;
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            _count += read;
            return read;
        }
    }
}

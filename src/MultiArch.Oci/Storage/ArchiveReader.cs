using System.Formats.Tar;
using Microsoft.Win32.SafeHandles;
using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>An OCI archive as it stood when it was opened, whatever is put in its place later. Its files are read where they lie, several at once.</summary>
internal sealed class ArchiveReader : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private readonly Dictionary<string, (long Offset, long Size)> _files = new(StringComparer.Ordinal);

    private ArchiveReader(string path, SafeFileHandle handle)
    {
        _path = path;
        _handle = handle;
    }

    /// <summary>Bytes of the whole archive.</summary>
    public long Length => RandomAccess.GetLength(_handle);

    /// <returns>Null when there is no file, or when it is no tar: such a file is not ours to read, only to replace.</returns>
    public static ArchiveReader? TryOpen(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
            var archive = new ArchiveReader(path, handle);
            archive.ReadHeaders();
            return archive;
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e) || e is InvalidDataException or FormatException)
        {
            handle?.Dispose();
            return null;
        }
    }

    public bool Contains(Descriptor blob) => _files.TryGetValue(ArchiveContent.PathOf(blob.Digest), out var file) && file.Size == blob.Size;

    /// <summary>Bytes of a blob of this digest; null when there is none.</summary>
    public long? SizeOf(Digest digest) => _files.TryGetValue(ArchiveContent.PathOf(digest), out var file) ? file.Size : null;

    public Stream Open(Descriptor blob)
    {
        var (offset, size) = _files[ArchiveContent.PathOf(blob.Digest)];
        return new VerifyingStream(new SliceStream(_handle, offset, size), blob, $"'{_path}'", DiagnosticCodes.ContentMismatch);
    }

    /// <returns>The entries of index.json; null when there is none that can be read.</returns>
    public ImageIndex? ReadIndex()
    {
        if (!_files.TryGetValue(ImageLayoutFile.Index, out var file) || file.Size > Document.MaxSize)
        {
            return null;
        }

        try
        {
            using var stream = new SliceStream(_handle, file.Offset, file.Size);
            var bytes = new byte[file.Size];
            stream.ReadExactly(bytes);
            return ImageIndex.Parse(bytes);
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e) || e is FormatException)
        {
            return null;
        }
    }

    /// <summary>The bytes of the whole archive, from its start.</summary>
    public Stream OpenWhole() => new SliceStream(_handle, 0, Length);

    public void Dispose() => _handle.Dispose();

    private void ReadHeaders()
    {
        using var whole = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 4096);
        using var tar = new TarReader(whole);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                // "tar -c ." puts ./ before each name.
                _files[entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name] = (entry.DataOffset, entry.Length);
            }
        }
    }

    private sealed class SliceStream(SafeFileHandle handle, long offset, long size) : ReadOnlyStream
    {
        private long _count;

        public override long Length => size;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer) =>
            Advance(RandomAccess.Read(handle, buffer[..(int)Math.Min(buffer.Length, size - _count)], offset + _count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Advance(await RandomAccess.ReadAsync(handle, buffer[..(int)Math.Min(buffer.Length, size - _count)], offset + _count, cancellationToken));

        private int Advance(int read)
        {
            _count += read;
            return read;
        }
    }
}

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
        try
        {
            return Open(path);
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e) || e is InvalidDataException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">The file is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not ours to read, or a folder.</exception>
    /// <exception cref="InvalidDataException">It is no tar.</exception>
    public static ArchiveReader Open(string path)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        var archive = new ArchiveReader(path, handle);
        try
        {
            archive.ReadHeaders();
            return archive;
        }
        catch (Exception e)
        {
            handle.Dispose();
            throw e is FormatException or EndOfStreamException ? new InvalidDataException(e.Message, e) : e;
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
        try
        {
            return ReadIndexBytes() is { } bytes ? ImageIndex.Parse(bytes) : null;
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e) || e is FormatException)
        {
            return null;
        }
    }

    /// <returns>Null when there is no index.json, or one that is too large for an index.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[]? ReadIndexBytes()
    {
        if (!_files.TryGetValue(ImageLayoutFile.Index, out var file) || file.Size > Document.MaxSize)
        {
            return null;
        }

        using var stream = new SliceStream(_handle, file.Offset, file.Size);
        var bytes = new byte[file.Size];
        stream.ReadExactly(bytes);
        return bytes;
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
                // tar -cf image.tar . begins each name so.
                var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
                _files[name] = (entry.DataOffset, entry.Length);
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

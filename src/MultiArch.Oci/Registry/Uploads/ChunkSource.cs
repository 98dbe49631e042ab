using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Registry.Uploads;

/// <summary>Reads the chunks of a blob, one after the other, out of one opening of its source, and opens it again only to go back.</summary>
/// <remarks>Nothing is kept in memory, whatever the size. What is sent is not hashed here: a chunk may be sent again; the registry hashes the whole.</remarks>
internal sealed class ChunkSource(Descriptor blob, BlobSource source) : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private Chunk? _last;

    public RequestBody Body(long offset, long length) =>
        new(blob with { Size = length }, new BlobSource(token => OpenAsync(offset, length, token)), "application/octet-stream");

    public void Dispose() => _last?.Inner.Dispose();

    private async Task<Stream> OpenAsync(long offset, long length, CancellationToken cancellationToken)
    {
        var inner = _last is { IsRead: true } last && last.End == offset ? last.Inner : await OpenAtAsync(offset, cancellationToken);
        return _last = new Chunk(inner, blob, length, end: offset + length);
    }

    /// <summary>A chunk that was sent in part may still be read by the request that failed, so it keeps its stream, and loses it.</summary>
    private async Task<Stream> OpenAtAsync(long offset, CancellationToken cancellationToken)
    {
        _last?.Inner.Dispose();
        var stream = await source.OpenAsync(cancellationToken);
        try
        {
            if (stream.CanSeek)
            {
                stream.Seek(offset, SeekOrigin.Begin);
            }
            else
            {
                await SkipAsync(stream, offset, cancellationToken);
            }

            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private async Task SkipAsync(Stream stream, long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(count, BufferSize)];
        for (var left = count; left > 0;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
            left -= read > 0 ? read : throw TooShort(blob);
        }
    }

    private static MultiArchException TooShort(Descriptor blob) => new(
        DiagnosticCodes.ContentMismatch,
        $"What was to be uploaded as {blob.Digest} has become shorter meanwhile. Let nothing change it, and publish again.");

    /// <summary>A part of a stream that others go on to read.</summary>
    /// <param name="end">Its offset and length, added.</param>
    private sealed class Chunk(Stream inner, Descriptor blob, long length, long end) : ReadOnlyStream
    {
        private long _left = length;

        public Stream Inner => inner;

        public long End => end;

        public bool IsRead => _left == 0;

        /// <summary>A part has no digest to be checked by.</summary>
        public override bool Verifies(Digest digest, long size) => true;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var wanted = (int)Math.Min(buffer.Length, _left);
            if (wanted == 0)
            {
                return 0;
            }

            var read = await inner.ReadAsync(buffer[..wanted], cancellationToken);
            _left -= read > 0 ? read : throw TooShort(blob);
            return read;
        }
    }
}

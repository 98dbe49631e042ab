using System.Buffers.Binary;
using System.IO.Compression;

namespace MultiArch.Oci.Layers.Compression;

/// <summary>Decompresses what has to be one gzip member from its first byte to its last, as each layer of ours is.</summary>
/// <remarks>
/// <see cref="GZipStream"/> says nothing of a member that is cut off and passes over what stands behind one; docker and containerd refuse both.
/// https://www.rfc-editor.org/rfc/rfc1952#section-2.3
/// </remarks>
/// <param name="content">Left open.</param>
/// <param name="size">Bytes of the content.</param>
internal sealed class WholeGzipStream(Stream content, long size) : ReadOnlyStream
{
    private const int HeaderSize = 10;
    private const int TrailerSize = 8;

    private Deflated? _deflated;
    private DeflateStream? _inflating;
    private uint _crc;
    private uint _count;
    private bool _isEnded;

    /// <exception cref="InvalidDataException">It is not such a member.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isEnded)
        {
            return 0;
        }

        if (_inflating is null)
        {
            await ReadHeaderAsync(cancellationToken);
            _deflated = new Deflated(content, size - HeaderSize - TrailerSize);
            _inflating = new DeflateStream(_deflated, CompressionMode.Decompress);
        }

        var read = await _inflating.ReadAsync(buffer, cancellationToken);
        if (read == 0 && buffer.Length > 0)
        {
            await ReadTrailerAsync(cancellationToken);
            _isEnded = true;
        }

        _crc = Crc32.Append(_crc, buffer.Span[..read]);
        _count += (uint)read; // modulo 2^32, as in the trailer
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inflating?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task ReadHeaderAsync(CancellationToken cancellationToken)
    {
        var header = new byte[HeaderSize];
        // Without flags nothing stands between the header and what is deflated: whoever packs as we do names no file and leaves no comment.
        if (size < HeaderSize + TrailerSize || await content.ReadAtLeastAsync(header, HeaderSize, throwOnEndOfStream: false, cancellationToken) < HeaderSize || header is not [0x1F, 0x8B, 8, 0, ..])
        {
            throw new InvalidDataException("It does not begin as a gzip member of ours.");
        }
    }

    private async Task ReadTrailerAsync(CancellationToken cancellationToken)
    {
        var trailer = new byte[TrailerSize];
        if (!_deflated!.IsUsedUp
            || await content.ReadAtLeastAsync(trailer, TrailerSize, throwOnEndOfStream: false, cancellationToken) < TrailerSize
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer) != _crc
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer.AsSpan(4)) != _count)
        {
            throw new InvalidDataException("It is no gzip member that is whole and alone.");
        }

        // A stream that verifies does so when it is read to its end.
        if (await content.ReadAsync(new byte[1], cancellationToken) > 0)
        {
            throw new InvalidDataException("Something stands behind the gzip member.");
        }
    }

    /// <summary>What lies between header and trailer. A decompressor takes more than it needs, so the last bytes are handed out one by one.</summary>
    private sealed class Deflated(Stream content, long size) : ReadOnlyStream
    {
        private const int OneByOne = 32;

        private long _rest = size;
        private bool _isAskedForMore;

        /// <summary>Whether the end of what was deflated is the end of what there is.</summary>
        public bool IsUsedUp => _rest == 0 && !_isAskedForMore;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _isAskedForMore |= _rest == 0;
            var wanted = (int)Math.Min(buffer.Length, _rest > OneByOne ? _rest - OneByOne : Math.Min(1, _rest));
            var read = await content.ReadAsync(buffer[..wanted], cancellationToken);
            _rest -= read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

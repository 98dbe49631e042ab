using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.ExceptionServices;

namespace MultiArch.Oci.Layers;

/// <summary>Compresses into one gzip member, in parallel; any number of workers gives the same bytes.</summary>
/// <remarks>
/// https://www.rfc-editor.org/rfc/rfc1952. Blocks of 1 MiB are compressed on their own and joined at byte borders. Bytes are a matter of
/// the input alone: not of the size of writes, nor of flushes, which do nothing. Only disposal ends the member.
/// </remarks>
public sealed class GzipBlockStream : Stream
{
    // No time, no name, no flags; 255 is "unknown operating system".
    private static readonly byte[] Header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];

    private static readonly byte[] LastDeflateBlock = [3, 0];

    private readonly Stream _destination;
    private readonly ZLibCompressionOptions _options;
    private readonly int _workers;
    private readonly Queue<Task<GzipBlock>> _inFlight = [];
    private readonly Stack<GzipBlock> _idle = [];
    private GzipBlock _current = new();
    private uint _checksum;
    private uint _length;
    private bool _isHeaderWritten;
    private bool _isDisposed;
    private ExceptionDispatchInfo? _failure;

    /// <param name="destination">Left open.</param>
    /// <param name="workers">At most so many blocks are compressed at a time; each takes about 2 MiB.</param>
    public GzipBlockStream(Stream destination, int workers, int level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        _destination = destination;
        _workers = workers;
        _options = new ZLibCompressionOptions { CompressionLevel = level };
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !_isDisposed;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        for (var written = 0; written < buffer.Length;)
        {
            MakeRoomAsync(CancellationToken.None).GetAwaiter().GetResult();
            written += _current.Append(buffer[written..]);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        for (var written = 0; written < buffer.Length;)
        {
            await MakeRoomAsync(cancellationToken);
            written += _current.Append(buffer.Span[written..]);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Ends the member. After a failure nothing more is written, and nothing more is thrown.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await FinishAsync();
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            FinishAsync().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    private Task MakeRoomAsync(CancellationToken cancellationToken)
    {
        _failure?.Throw();
        return _current.Length < GzipBlock.Capacity ? Task.CompletedTask : StartCurrentAsync(cancellationToken);
    }

    private async Task StartCurrentAsync(CancellationToken cancellationToken)
    {
        if (_inFlight.Count == _workers)
        {
            await WriteOldestAsync(cancellationToken);
        }

        var block = _current;
        _current = _idle.TryPop(out var idle) ? idle : new GzipBlock();
        _inFlight.Enqueue(Task.Run(
            () =>
            {
                block.Compress(_options);
                return block;
            },
            CancellationToken.None));
    }

    private async Task WriteOldestAsync(CancellationToken cancellationToken)
    {
        try
        {
            var block = await _inFlight.Dequeue();
            await WriteHeaderAsync(cancellationToken);
            await _destination.WriteAsync(block.Compressed, cancellationToken);
            _checksum = Crc32.Combine(_checksum, block.Checksum, block.Length);
            _length += (uint)block.Length;
            block.Clear();
            _idle.Push(block);
        }
        catch (Exception e)
        {
            // A block is lost, so whatever is written from now on must fail in the same way.
            _failure = ExceptionDispatchInfo.Capture(e);
            throw;
        }
    }

    private async Task WriteHeaderAsync(CancellationToken cancellationToken)
    {
        if (!_isHeaderWritten)
        {
            await _destination.WriteAsync(Header, cancellationToken);
            _isHeaderWritten = true;
        }
    }

    private async Task FinishAsync()
    {
        if (_failure is not null)
        {
            return;
        }

        if (_current.Length > 0)
        {
            await StartCurrentAsync(CancellationToken.None);
        }

        while (_inFlight.Count > 0)
        {
            await WriteOldestAsync(CancellationToken.None);
        }

        await WriteHeaderAsync(CancellationToken.None);
        var trailer = new byte[LastDeflateBlock.Length + sizeof(uint) + sizeof(uint)];
        LastDeflateBlock.CopyTo(trailer, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(2), _checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(6), _length);
        await _destination.WriteAsync(trailer, CancellationToken.None);
    }
}

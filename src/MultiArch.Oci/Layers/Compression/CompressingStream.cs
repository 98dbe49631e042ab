using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace MultiArch.Oci.Layers.Compression;

/// <summary>Compresses what is written to it, in parallel; any number of workers gives the same bytes.</summary>
/// <remarks>
/// Input is cut into blocks, which the pool compresses and a task of its own writes in order, so that neither the writer nor a compressor
/// waits for the destination. Bytes are a matter of the input alone: not of the size of writes, nor of flushes, which do nothing.
/// </remarks>
/// <param name="destination">Left open.</param>
public sealed class CompressingStream(Stream destination, LayerCompression compression, PackingPool pool) : Stream
{
    private readonly Channel<(Block Block, Task Encoded)> _submitted = Channel.CreateUnbounded<(Block, Task)>();
    private readonly Framing _framing = compression.CreateFraming();
    private volatile ExceptionDispatchInfo? _failure;
    private volatile bool _isAbandoned;
    private Block? _current;
    private Task? _writing;
    private bool _isComplete;
    private bool _isDisposed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !_isDisposed;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _failure?.Throw();
        if (_current is { } block && buffer.Length <= block.Size - block.Length)
        {
            block.Append(buffer.Span);
            return ValueTask.CompletedTask;
        }

        return WriteAcrossBlocksAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Ends the compressed stream, when all of it is written. Without this, what was written is no whole stream.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_current is not null)
        {
            Submit(_current);
        }

        _writing ??= WriteBlocksAsync(cancellationToken);
        _isComplete = true;
        _submitted.Writer.Complete();
        await _writing;
    }

    /// <summary>Waits until the pool has all blocks back. After a failure nothing more is written, and nothing more is thrown.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            if (_current is { } block)
            {
                _current = null;
                pool.Return(block);
            }

            if (!_isComplete)
            {
                _isAbandoned = true;
                _submitted.Writer.Complete();
            }

            await (_writing ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    private async ValueTask WriteAcrossBlocksAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        while (buffer.Length > 0)
        {
            _failure?.Throw();
            _current ??= await pool.RentAsync(compression.BlockSize, cancellationToken);
            buffer = buffer[_current.Append(buffer.Span)..];
            if (_current.IsFull)
            {
                _writing ??= WriteBlocksAsync(cancellationToken);
                Submit(_current);
            }
        }
    }

    private void Submit(Block block)
    {
        _current = null;
        _submitted.Writer.TryWrite((block, pool.EncodeAsync(block, compression)));
    }

    private async Task WriteBlocksAsync(CancellationToken cancellationToken)
    {
        var start = _framing.Start;
        await foreach (var (block, encoding) in _submitted.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await encoding;
                if (_failure is null && !_isAbandoned)
                {
                    await destination.WriteAsync(start, cancellationToken);
                    await destination.WriteAsync(block.Encoded, cancellationToken);
                    start = default;
                    _framing.Add(block);
                }
            }
            catch (Exception e)
            {
                _failure ??= ExceptionDispatchInfo.Capture(e);
            }

            // Also after a failure, when others still wait for blocks.
            pool.Return(block);
        }

        _failure?.Throw();
        if (!_isAbandoned)
        {
            await destination.WriteAsync(start, cancellationToken);
            await destination.WriteAsync(_framing.End, cancellationToken);
        }
    }
}

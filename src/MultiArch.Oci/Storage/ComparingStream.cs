namespace MultiArch.Oci.Storage;

/// <summary>Takes what is written and says whether it is what another stream holds.</summary>
internal sealed class ComparingStream(Stream other) : Stream
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private long _count;
    private bool _isSame = true;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _count;

    public override long Position { get => _count; set => throw new NotSupportedException(); }

    /// <summary>Whether all that was written is all that the other stream holds.</summary>
    public bool IsSame() => _isSame && other.Read(_buffer, 0, 1) == 0;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _count += buffer.Length;
        while (_isSame && !buffer.IsEmpty)
        {
            var part = buffer[..Math.Min(buffer.Length, _buffer.Length)];
            var read = other.ReadAtLeast(_buffer.AsSpan(0, part.Length), part.Length, throwOnEndOfStream: false);
            _isSame = part.SequenceEqual(_buffer.AsSpan(0, read));
            buffer = buffer[part.Length..];
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _count += buffer.Length;
        while (_isSame && !buffer.IsEmpty)
        {
            var part = buffer[..Math.Min(buffer.Length, _buffer.Length)];
            var read = await other.ReadAtLeastAsync(_buffer.AsMemory(0, part.Length), part.Length, throwOnEndOfStream: false, cancellationToken);
            _isSame = part.Span.SequenceEqual(_buffer.AsSpan(0, read));
            buffer = buffer[part.Length..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

namespace MultiArch.Oci.Contents;

/// <summary>A file of which some parts are held. A read outside of them gives nothing, as at the end of a file; the length is the whole file's.</summary>
/// <param name="head">Its first bytes.</param>
internal sealed class PartialFile(long length, ReadOnlyMemory<byte> head) : ReadOnlyStream
{
    private readonly List<(long Offset, ReadOnlyMemory<byte> Bytes)> _parts = [(0, head)];
    private long _taken = head.Length;

    public override bool CanSeek => true;

    public override long Length => length;

    public override long Position { get; set; }

    /// <summary>Holds a further part, which lies behind all that are held.</summary>
    /// <param name="content">The file, read as far as the last part reaches.</param>
    public async Task TakeAsync(Stream content, long offset, int size, CancellationToken cancellationToken)
    {
        var skipped = new byte[Math.Min(offset - _taken, 80 * 1024)];
        while (_taken < offset)
        {
            var read = await content.ReadAsync(skipped.AsMemory(0, (int)Math.Min(skipped.Length, offset - _taken)), cancellationToken);
            if (read == 0)
            {
                return;
            }

            _taken += read;
        }

        var bytes = new byte[size];
        var count = await content.ReadAtLeastAsync(bytes, size, throwOnEndOfStream: false, cancellationToken);
        _taken += count;
        _parts.Add((offset, bytes.AsMemory(0, count)));
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        foreach (var (offset, bytes) in _parts)
        {
            if (Position >= offset && Position - offset < bytes.Length)
            {
                var part = bytes.Span[(int)(Position - offset)..];
                var count = Math.Min(part.Length, buffer.Length);
                part[..count].CopyTo(buffer);
                Position += count;
                return count;
            }
        }

        return 0;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
}

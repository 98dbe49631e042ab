namespace MultiArch.Oci.Inspection;

/// <summary>The neighbourhood of what was read last: many small structures that lie near each other cost one read.</summary>
/// <param name="size">Bytes that are read at once.</param>
internal sealed class FileWindow(BoundedFile file, int size = 4096)
{
    private readonly byte[] _bytes = new byte[Math.Min((ulong)size, file.Length)];
    private ulong _offset;
    private int _length;

    /// <param name="count">At most the size of the window.</param>
    /// <returns>Empty when they are not all there; valid until the next call.</returns>
    public ReadOnlySpan<byte> Peek(ulong offset, int count)
    {
        if (!file.Contains(offset, (ulong)count))
        {
            return [];
        }

        if (!Holds(offset, count))
        {
            // Of a list that is linked by distances, an earlier member is as likely to be next as a later one.
            _offset = Math.Min(offset - Math.Min(offset, (ulong)(_bytes.Length - count) / 4), file.Length - (ulong)_bytes.Length);
            _length = file.Fill(_offset, _bytes);
        }

        return Holds(offset, count) ? _bytes.AsSpan((int)(offset - _offset), count) : [];
    }

    /// <param name="max">At most the size of the window.</param>
    /// <returns>What stands before the next zero byte; empty when there is none within the bytes, or it is the first.</returns>
    public ReadOnlySpan<byte> PeekText(ulong offset, int max)
    {
        if (offset >= _offset && offset - _offset < (ulong)_length)
        {
            var rest = _bytes.AsSpan((int)(offset - _offset), (int)Math.Min((ulong)max, (ulong)_length - (offset - _offset)));
            if (rest.IndexOf((byte)0) is >= 0 and var end)
            {
                return rest[..end];
            }
        }

        var text = Peek(offset, max);
        return text[..Math.Max(0, text.IndexOf((byte)0))];
    }

    private bool Holds(ulong offset, int count) => offset >= _offset && offset - _offset <= (ulong)_length && (ulong)count <= (ulong)_length - (offset - _offset);
}

using MultiArch.Oci;

namespace MultiArch.Debian.DebFiles;

/// <summary>One member of an archive, read from its start to its end where it lies.</summary>
internal sealed class MemberStream : ReadOnlyStream
{
    private readonly Stream _file;
    private readonly long _size;
    private long _rest;

    public MemberStream(Stream file, ArMember member)
    {
        (_file, _size, _rest) = (file, member.Size, member.Size);
        _file.Position = member.Offset;
    }

    /// <summary>Whether every byte was read.</summary>
    public bool IsUsedUp => _rest == 0;

    /// <summary>Bytes read; a reader of xz counts its padding by it.</summary>
    public override long Position { get => _size - _rest; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = _file.Read(buffer[..(int)Math.Min(buffer.Length, _rest)]);
        _rest -= read;
        return read;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));
}

using System.Diagnostics.CodeAnalysis;

namespace MultiArch.Oci.Layers.Compression;

/// <summary>A stretch of input, and what it became: the buffers that a <see cref="PackingPool"/> lends.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A MemoryStream holds nothing to release.")]
internal sealed class Block(int size)
{
    private readonly byte[] _input = new byte[size];

    /// <summary>Bytes that fit.</summary>
    public int Size => _input.Length;

    public ReadOnlySpan<byte> Input => _input.AsSpan(0, Length);

    /// <summary>Bytes of input.</summary>
    public int Length { get; private set; }

    /// <summary>Room for the encoder, kept from one use to the next; what it holds is known to the encoder alone.</summary>
    public MemoryStream Output { get; } = new(size);

    /// <summary>Set by the encoder; valid until the block is returned.</summary>
    public ReadOnlyMemory<byte> Encoded { get; set; }

    /// <summary>The CRC-32 of the input, where the format needs one; set by the encoder.</summary>
    public uint Checksum { get; set; }

    public bool IsFull => Length == _input.Length;

    /// <returns>How many bytes fitted.</returns>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, _input.Length - Length);
        bytes[..count].CopyTo(_input.AsSpan(Length));
        Length += count;
        return count;
    }

    public void Clear() => Length = 0;
}

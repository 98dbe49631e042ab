using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;

namespace MultiArch.Oci.Layers;

/// <summary>A stretch of input and its raw deflate bytes, which depend on nothing before or after it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A MemoryStream holds nothing to release.")]
internal sealed class GzipBlock
{
    /// <summary>Bytes of input; less costs compression at every border, more costs memory. Another value gives other gzip bytes.</summary>
    public const int Capacity = 1024 * 1024;

    private const int HeaderBytes = 10;
    private const int LengthBytes = 4;

    private readonly byte[] _input = new byte[Capacity];
    private readonly MemoryStream _output = new(Capacity / 2);
    private int _compressedEnd;

    /// <summary>Bytes of input.</summary>
    public int Length { get; private set; }

    /// <summary>The CRC-32 of the input, once compressed.</summary>
    public uint Checksum { get; private set; }

    /// <summary>Ends at a byte's border and without a last block, so that others can follow.</summary>
    public ReadOnlyMemory<byte> Compressed => _output.GetBuffer().AsMemory(HeaderBytes, _compressedEnd - HeaderBytes);

    /// <returns>How many bytes fitted.</returns>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, Capacity - Length);
        bytes[..count].CopyTo(_input.AsSpan(Length));
        Length += count;
        return count;
    }

    public void Compress(ZLibCompressionOptions options)
    {
        _output.SetLength(0);
        using (var gzip = new GZipStream(_output, options, leaveOpen: true))
        {
            gzip.Write(_input, 0, Length);
            gzip.Flush();
            _compressedEnd = (int)_output.Length;
        }

        // Only the checksum of this member is of use: its header lies before, its end behind what is handed out.
        Checksum = BinaryPrimitives.ReadUInt32LittleEndian(_output.GetBuffer().AsSpan((int)_output.Length - sizeof(uint) - LengthBytes));
    }

    public void Clear() => Length = 0;
}

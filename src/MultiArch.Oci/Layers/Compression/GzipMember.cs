using System.Buffers.Binary;

namespace MultiArch.Oci.Layers.Compression;

/// <summary>One gzip member around blocks of raw deflate data that end at a byte's border.</summary>
/// <remarks>https://www.rfc-editor.org/rfc/rfc1952#section-2.3.</remarks>
internal sealed class GzipMember : Framing
{
    // No time, no name, no flags; 255 is "unknown operating system".
    private static readonly byte[] Header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];

    private static readonly byte[] LastDeflateBlock = [3, 0];

    private uint _checksum;
    private uint _length;

    public override ReadOnlyMemory<byte> Start => Header;

    public override ReadOnlyMemory<byte> End
    {
        get
        {
            var end = new byte[LastDeflateBlock.Length + sizeof(uint) + sizeof(uint)];
            LastDeflateBlock.CopyTo(end, 0);
            BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(2), _checksum);
            BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(6), _length);
            return end;
        }
    }

    public override void Add(Block block)
    {
        _checksum = Crc32.Combine(_checksum, block.Checksum, block.Length);
        _length += (uint)block.Length;
    }
}

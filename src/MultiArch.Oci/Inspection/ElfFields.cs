using System.Buffers.Binary;

namespace MultiArch.Oci.Inspection;

/// <summary>Numbers at byte offsets of an ELF structure that the caller knows to be long enough.</summary>
internal readonly ref struct ElfFields(ReadOnlySpan<byte> bytes, bool is64Bit, bool isLittleEndian)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Half(int offset) => isLittleEndian
        ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes[offset..])
        : BinaryPrimitives.ReadUInt16BigEndian(_bytes[offset..]);

    public uint Word(int offset) => isLittleEndian
        ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes[offset..])
        : BinaryPrimitives.ReadUInt32BigEndian(_bytes[offset..]);

    /// <summary>An address, offset or size: 8 bytes in a 64-bit file, else 4.</summary>
    public ulong Address(int offset) => (is64Bit, isLittleEndian) switch
    {
        (false, _) => Word(offset),
        (true, true) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[offset..]),
        (true, false) => BinaryPrimitives.ReadUInt64BigEndian(_bytes[offset..]),
    };
}

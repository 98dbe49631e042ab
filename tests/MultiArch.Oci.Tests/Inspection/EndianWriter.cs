using System.Buffers.Binary;

namespace MultiArch.Oci.Tests.Inspection;

/// <summary>Numbers one after the other, in either byte order.</summary>
internal sealed class EndianWriter(bool is64Bit, bool isLittleEndian)
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public EndianWriter Bytes(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public EndianWriter Half(ushort value) => Bytes(BitConverter.GetBytes(IsNative ? value : BinaryPrimitives.ReverseEndianness(value)));

    public EndianWriter Word(uint value) => Bytes(BitConverter.GetBytes(IsNative ? value : BinaryPrimitives.ReverseEndianness(value)));

    public EndianWriter Address(ulong value) => is64Bit ? Bytes(BitConverter.GetBytes(IsNative ? value : BinaryPrimitives.ReverseEndianness(value))) : Word((uint)value);

    public byte[] ToBytes() => [.. _bytes];

    private bool IsNative => BitConverter.IsLittleEndian == isLittleEndian;
}

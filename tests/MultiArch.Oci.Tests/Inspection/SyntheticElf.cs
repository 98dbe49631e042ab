using System.Buffers.Binary;
using System.Text;

namespace MultiArch.Oci.Tests.Inspection;

/// <summary>The smallest ELF files that say something, in every class and byte order.</summary>
internal static class SyntheticElf
{
    public static byte[] Make(
        ushort type,
        ushort machine = 62,
        string? interpreter = null,
        bool isPie = false,
        bool is64Bit = true,
        bool isLittleEndian = true,
        uint flags = 0,
        int gap = 0)
    {
        var (headerSize, programSize, wordSize) = is64Bit ? (64, 56, 8) : (52, 32, 4);
        var table = headerSize + gap;
        var count = (interpreter is null ? 0 : 1) + (isPie ? 1 : 0);
        var text = interpreter is null ? [] : Encoding.UTF8.GetBytes(interpreter + '\0');
        var textAt = table + (count * programSize);
        var dynamicAt = textAt + text.Length;
        var dynamicSize = isPie ? 6 * wordSize : 0;
        var file = new byte[dynamicAt + dynamicSize];

        byte[] identity = [0x7F, (byte)'E', (byte)'L', (byte)'F', (byte)(is64Bit ? 2 : 1), (byte)(isLittleEndian ? 1 : 2), 1];
        identity.CopyTo(file, 0);
        Half(16, type);
        Half(18, machine);
        Address(is64Bit ? 32 : 28, table);
        Word(is64Bit ? 48 : 36, flags);
        Half(is64Bit ? 54 : 42, (ushort)programSize);
        Half(is64Bit ? 56 : 44, (ushort)count);
        if (interpreter is not null)
        {
            Program(table, 3, textAt, text.Length);
            text.CopyTo(file, textAt);
        }

        if (isPie)
        {
            Program(table + ((count - 1) * programSize), 2, dynamicAt, dynamicSize);
            Address(dynamicAt, 30);
            Address(dynamicAt + wordSize, 8);
            Address(dynamicAt + (2 * wordSize), 0x6FFF_FFFB);
            Address(dynamicAt + (3 * wordSize), 0x0800_0001);
        }

        return file;

        void Program(int at, uint kind, int offset, int size)
        {
            Word(at, kind);
            Address(at + (is64Bit ? 8 : 4), offset);
            Address(at + (is64Bit ? 32 : 16), size);
        }

        void Half(int at, ushort value)
        {
            if (isLittleEndian)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(at), value);
            }
        }

        void Word(int at, uint value)
        {
            if (isLittleEndian)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at), value);
            }
        }

        void Address(int at, long value)
        {
            var high = (uint)(value >> 32);
            if (!is64Bit)
            {
                Word(at, (uint)value);
                return;
            }

            Word(at, isLittleEndian ? (uint)value : high);
            Word(at + 4, isLittleEndian ? high : (uint)value);
        }
    }
}

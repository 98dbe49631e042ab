using System.Buffers.Binary;
using System.Text;

namespace MultiArch.Oci.Inspection;

/// <summary>What the headers of an ELF file say about the machine that it runs on.</summary>
/// <remarks>https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html and ch5.pheader.html. Numbers are as in the file, not checked for sense.</remarks>
/// <param name="Is64Bit"><c>EI_CLASS</c>.</param>
/// <param name="IsLittleEndian"><c>EI_DATA</c>.</param>
/// <param name="Type"><c>e_type</c>: <see cref="Executable"/>, <see cref="SharedObject"/>, or another.</param>
/// <param name="Machine"><c>e_machine</c>: 62 is x86-64, 183 AArch64, 40 Arm.</param>
/// <param name="Flags"><c>e_flags</c>, whose meaning depends on the machine.</param>
/// <param name="HasInterpreter">Whether there is a <c>PT_INTERP</c>.</param>
/// <param name="Interpreter">The dynamic loader, such as <c>/lib64/ld-linux-x86-64.so.2</c>; null without one, or when it lies outside what was read.</param>
/// <param name="IsPositionIndependentExecutable"><c>DF_1_PIE</c>: tells a static program that is loaded anywhere from a library.</param>
public sealed record ElfFile(
    bool Is64Bit,
    bool IsLittleEndian,
    int Type,
    int Machine,
    uint Flags,
    bool HasInterpreter,
    string? Interpreter,
    bool IsPositionIndependentExecutable)
{
    public const int Executable = 2;
    public const int SharedObject = 3;

    private const int MaxHeaders = 1024;
    private const int MaxInterpreterBytes = 4096;
    private const int MaxDynamicBytes = 64 * 1024;
    private const uint ProgramDynamic = 2;
    private const uint ProgramInterpreter = 3;
    private const ulong DynamicFlags1 = 0x6FFF_FFFB;
    private const ulong PositionIndependent = 0x0800_0000;

    /// <summary>The first four bytes of every ELF file.</summary>
    public static ReadOnlySpan<byte> Magic => "\u007FELF"u8;

    /// <summary>Whether the kernel starts the file, rather than another program loading it.</summary>
    public bool IsExecutable => Type is Executable || HasInterpreter || IsPositionIndependentExecutable;

    /// <summary>Reads headers that lie within the first bytes of a file.</summary>
    /// <returns>Null when they are not those of an ELF file; what lies beyond the bytes is absent.</returns>
    public static ElfFile? TryRead(ReadOnlySpan<byte> head)
    {
        using var stream = new MemoryStream(head.ToArray(), writable: false);
        return TryRead(stream);
    }

    /// <summary>Reads the headers wherever they lie; at most about 130 KiB, whatever the file claims.</summary>
    /// <param name="file">Can seek; its position is changed.</param>
    /// <returns>Null when it is no ELF file; what is missing from a truncated one is absent.</returns>
    public static ElfFile? TryRead(Stream file)
    {
        Span<byte> identity = stackalloc byte[16];
        if (!TryReadAt(file, 0, identity) || !identity.StartsWith(Magic) || identity[4] is not (1 or 2) || identity[5] is not (1 or 2))
        {
            return null;
        }

        var (is64Bit, isLittleEndian) = (identity[4] == 2, identity[5] == 1);
        var header = new byte[is64Bit ? 64 : 52];
        if (!TryReadAt(file, 0, header))
        {
            return null;
        }

        var fields = new Fields(header, is64Bit, isLittleEndian);
        var elf = new ElfFile(is64Bit, isLittleEndian, fields.Half(16), fields.Half(18), fields.Word(is64Bit ? 48 : 36), false, null, false);
        return elf.ReadProgramHeaders(file, fields.Address(is64Bit ? 32 : 28), fields.Half(is64Bit ? 54 : 42), fields.Half(is64Bit ? 56 : 44));
    }

    private ElfFile ReadProgramHeaders(Stream file, ulong table, int entrySize, int count)
    {
        var elf = this;
        var isDynamicRead = false;
        var program = new byte[Is64Bit ? 56 : 32];
        for (var i = 0; entrySize >= program.Length && i < Math.Min(count, MaxHeaders); i++)
        {
            if (table > long.MaxValue || !TryReadAt(file, table + ((ulong)i * (ulong)entrySize), program))
            {
                break;
            }

            var fields = new Fields(program, Is64Bit, IsLittleEndian);
            var offset = fields.Address(Is64Bit ? 8 : 4);
            var size = fields.Address(Is64Bit ? 32 : 16);
            elf = fields.Word(0) switch
            {
                ProgramInterpreter when !elf.HasInterpreter => elf with { HasInterpreter = true, Interpreter = ReadText(file, offset, size) },
                ProgramDynamic when !isDynamicRead => elf with { IsPositionIndependentExecutable = IsMarkedPositionIndependent(file, offset, size) },
                _ => elf,
            };
            isDynamicRead |= fields.Word(0) == ProgramDynamic;
        }

        return elf;
    }

    private static string? ReadText(Stream file, ulong offset, ulong size)
    {
        var text = ReadAt(file, offset, size, MaxInterpreterBytes);
        var end = text.IndexOf((byte)0);
        return end > 0 ? Encoding.UTF8.GetString(text[..end]) : null;
    }

    private bool IsMarkedPositionIndependent(Stream file, ulong offset, ulong size)
    {
        var wordSize = Is64Bit ? 8 : 4;
        var table = ReadAt(file, offset, size, MaxDynamicBytes);
        var fields = new Fields(table, Is64Bit, IsLittleEndian);
        for (var at = 0; at + (2 * wordSize) <= table.Length && fields.Address(at) != 0; at += 2 * wordSize)
        {
            if (fields.Address(at) == DynamicFlags1)
            {
                return (fields.Address(at + wordSize) & PositionIndependent) != 0;
            }
        }

        return false;
    }

    /// <summary>The start of a segment; empty when the segment reaches beyond the file, before anything is allocated for it.</summary>
    private static ReadOnlySpan<byte> ReadAt(Stream file, ulong offset, ulong size, int max)
    {
        if (!IsWithin(file, offset, size))
        {
            return [];
        }

        var bytes = new byte[Math.Min(size, (ulong)max)];
        return TryReadAt(file, offset, bytes) ? bytes : [];
    }

    private static bool TryReadAt(Stream file, ulong offset, Span<byte> buffer)
    {
        if (!IsWithin(file, offset, (ulong)buffer.Length))
        {
            return false;
        }

        file.Position = (long)offset;
        return file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) == buffer.Length;
    }

    private static bool IsWithin(Stream file, ulong offset, ulong size) =>
        offset <= (ulong)file.Length && size <= (ulong)file.Length - offset;

    /// <summary>Numbers at byte offsets of a structure that the caller knows to be long enough.</summary>
    private readonly ref struct Fields(ReadOnlySpan<byte> bytes, bool is64Bit, bool isLittleEndian)
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
}

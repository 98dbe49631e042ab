using System.Buffers.Binary;

namespace MultiArch.Oci.Inspection;

/// <summary>Reads the few fields of a PE file that say where it runs; PEReader of the base library reads and checks much more, and throws at the first fault.</summary>
internal static class PeHeaderReader
{
    private const int MaxSections = 96; // Windows loads no more

    private const int Pe32 = 0x10B;
    private const int Pe32Plus = 0x20B;
    private const int FileHeaderSize = 24; // with the signature
    private const int CliHeaderSize = 72;
    private const int ReadyToRunHeaderSize = 16;
    private const int CliDirectory = 14;

    private const uint ILOnly = 0x1;
    private const uint Required32Bit = 0x2;
    private const uint Preferred32Bit = 0x2_0000;

    private const uint ReadyToRunSignature = 0x0052_5452; // RTR
    private const uint ReadyToRunFromAnyCpu = 0x1;
    private const uint ReadyToRunComponent = 0x20;

    /// <inheritdoc cref="PeFile.TryRead(Stream)"/>
    /// <param name="head">Of the same file.</param>
    public static PeFile? TryRead(BoundedFile file, FileWindow head)
    {
        var dos = head.Peek(0, 64);
        if (!dos.StartsWith(PeFile.Magic))
        {
            return null;
        }

        var at = (ulong)Word(dos, 60);
        var header = head.Peek(at, FileHeaderSize + 2);
        if (!header.StartsWith("PE\0\0"u8) || Half(header, FileHeaderSize) is not (Pe32 or Pe32Plus))
        {
            return null;
        }

        var (machine, sectionCount, optionalSize) = (Half(header, 4), Half(header, 6), Half(header, 20));
        var is64Bit = Half(header, FileHeaderSize) == Pe32Plus;
        var optional = head.Peek(at + FileHeaderSize, Math.Min(optionalSize, 240));
        var pe = new PeFile
        {
            Machine = machine,
            Is64Bit = is64Bit,
            Code = PeCode.Native,
            Subsystem = optional.Length >= 70 ? Half(optional, 68) : 0,
            IsTruncated = optional.IsEmpty,
        };
        var cli = DirectoryOf(optional, is64Bit);
        var sections = PeSections.Read(file, head, at + FileHeaderSize + (ulong)optionalSize, Math.Min(sectionCount, MaxSections));
        return ReadCli(head, sections, cli, pe with { IsTruncated = pe.IsTruncated || sections.IsTruncated });
    }

    /// <returns>The address of the CLI header; 0 without one.</returns>
    private static uint DirectoryOf(ReadOnlySpan<byte> optional, bool is64Bit)
    {
        var directories = is64Bit ? 112 : 96;
        var at = directories + (CliDirectory * 8);
        return optional.Length >= at + 8 && Word(optional, directories - 4) > CliDirectory ? Word(optional, at) : 0;
    }

    private static PeFile ReadCli(FileWindow head, PeSections sections, uint address, PeFile pe)
    {
        if (address == 0 || sections.OffsetOf(address) is not { } at || head.Peek(at, CliHeaderSize) is not { IsEmpty: false } cli)
        {
            return pe;
        }

        var (flags, native, nativeSize) = (Word(cli, 16), Word(cli, 64), Word(cli, 68));
        pe = pe with
        {
            Code = (flags & ILOnly) != 0 ? PeCode.IL : PeCode.Mixed,
            Requires32Bit = (flags & (Required32Bit | Preferred32Bit)) == Required32Bit,
        };
        if (nativeSize < ReadyToRunHeaderSize || sections.OffsetOf(native) is not { } nativeAt)
        {
            return pe;
        }

        var readyToRun = head.Peek(nativeAt, ReadyToRunHeaderSize);
        return readyToRun.IsEmpty || Word(readyToRun, 0) != ReadyToRunSignature ? pe : pe with
        {
            Code = PeCode.ReadyToRun,
            IsFromAnyCpu = (Word(readyToRun, 8) & ReadyToRunFromAnyCpu) != 0,
            IsReadyToRunComponent = (Word(readyToRun, 8) & ReadyToRunComponent) != 0,
        };
    }

    private static int Half(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}

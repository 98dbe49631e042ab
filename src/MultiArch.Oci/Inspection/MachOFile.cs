using System.Buffers.Binary;

namespace MultiArch.Oci.Inspection;

/// <summary>A program or library of macOS or iOS, recognised and no more.</summary>
/// <remarks>https://github.com/apple-oss-distributions/xnu/blob/xnu-11215.1.10/EXTERNAL_HEADERS/mach-o/loader.h and fat.h</remarks>
/// <param name="Processors"><c>cputype</c> of each architecture in the file; one, unless it is a universal one.</param>
public sealed record MachOFile(IReadOnlyList<int> Processors) : BinaryFile
{
    private const int MaxArchitectures = 30; // a Java class begins with the same four bytes, and then with a version from 45 on

    /// <summary>As <c>lipo</c> names them.</summary>
    public IReadOnlyList<string> Architectures => [.. Processors.Select(NameOf)];

    /// <summary>Reads the first bytes.</summary>
    /// <param name="file">Can seek; its position is changed.</param>
    /// <returns>Null when it is no Mach-O file.</returns>
    public static new MachOFile? TryRead(Stream file) => TryRead(Head(new BoundedFile(file, MaxBytes)));

    /// <param name="start">At least four bytes. Those of a universal file begin Java classes too.</param>
    internal static bool IsMagic(ReadOnlySpan<byte> start) =>
        BinaryPrimitives.ReadUInt32BigEndian(start) is 0xFEED_FACE or 0xFEED_FACF or 0xCEFA_EDFE or 0xCFFA_EDFE or 0xCAFE_BABE or 0xCAFE_BABF;

    internal static MachOFile? TryRead(FileWindow head)
    {
        var start = head.Peek(0, 8);
        if (start.IsEmpty)
        {
            return null;
        }

        var second = start[4..];
        return BinaryPrimitives.ReadUInt32BigEndian(start) switch
        {
            0xFEED_FACE or 0xFEED_FACF => new MachOFile([BinaryPrimitives.ReadInt32BigEndian(second)]),
            0xCEFA_EDFE or 0xCFFA_EDFE => new MachOFile([BinaryPrimitives.ReadInt32LittleEndian(second)]),
            0xCAFE_BABE => TryReadUniversal(head, BinaryPrimitives.ReadUInt32BigEndian(second), entrySize: 20),
            0xCAFE_BABF => TryReadUniversal(head, BinaryPrimitives.ReadUInt32BigEndian(second), entrySize: 32),
            _ => null,
        };
    }

    private static MachOFile? TryReadUniversal(FileWindow head, uint count, int entrySize)
    {
        if (count is 0 or > MaxArchitectures)
        {
            return null;
        }

        List<int> processors = [];
        for (var i = 0; i < count && head.Peek((ulong)(8 + (i * entrySize)), 4) is { IsEmpty: false } entry; i++)
        {
            processors.Add(BinaryPrimitives.ReadInt32BigEndian(entry));
        }

        return new MachOFile(processors) { IsTruncated = processors.Count < count };
    }

    private static string NameOf(int processor) => processor switch
    {
        7 => "i386",
        0x0100_0007 => "x86_64",
        12 => "arm",
        0x0100_000C => "arm64",
        0x0200_000C => "arm64_32",
        18 => "ppc",
        0x0100_0012 => "ppc64",
        _ => $"cputype {processor}",
    };
}

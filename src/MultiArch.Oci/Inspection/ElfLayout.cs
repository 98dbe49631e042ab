namespace MultiArch.Oci.Inspection;

/// <summary>Says where the parts of an ELF file lie that its reader seeks to.</summary>
internal static class ElfLayout
{
    // As much as is read of each.
    private const int MaxPart = 64 * 1024;
    private const int MaxPrograms = 1024;

    private const uint ProgramDynamic = 2;
    private const uint ProgramInterpreter = 3;

    /// <param name="head">The first bytes of the file; of any content.</param>
    /// <param name="end">Bytes that are known already.</param>
    /// <param name="length">Bytes of the whole file.</param>
    /// <returns>Parts that lie wholly behind the end and do not overlap, in their order. Their names and versions lie near the start.</returns>
    public static IReadOnlyList<(long Offset, int Size)> FindBehind(ReadOnlySpan<byte> head, long end, long length)
    {
        if (head.Length < 64 || !head.StartsWith(ElfFile.Magic))
        {
            return [];
        }

        var format = new ElfFormat(head[4] == 2, head[5] == 1);
        var header = format.Fields(head);
        var (programs, sections, counts) = format.Is64Bit ? (32, 40, 54) : (28, 32, 42);
        var parts = new List<(ulong Offset, ulong Size)> { (header.Address(sections), (ulong)header.Half(counts + 4) * (ulong)header.Half(counts + 6)) };
        var (table, size) = (header.Address(programs), format.Is64Bit ? 56 : 32);
        for (var i = 0; i < Math.Min(header.Half(counts + 2), MaxPrograms) && table <= (ulong)(head.Length - ((i + 1) * size)); i++)
        {
            var program = format.Fields(head.Slice((int)table + (i * size), size));
            if (program.Word(0) is ProgramDynamic or ProgramInterpreter)
            {
                parts.Add(format.Is64Bit ? (program.Address(8), program.Address(32)) : (program.Address(4), program.Address(16)));
            }
        }

        var found = new List<(long Offset, int Size)>();
        foreach (var (offset, partSize) in parts.Where(part => part.Size > 0).OrderBy(part => part.Offset))
        {
            if (offset >= (ulong)end && offset < (ulong)length)
            {
                var taken = (int)Math.Min(Math.Min(partSize, MaxPart), (ulong)length - offset);
                found.Add(((long)offset, taken));
                end = (long)offset + taken;
            }
        }

        return found;
    }
}

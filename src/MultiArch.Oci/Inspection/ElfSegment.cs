namespace MultiArch.Oci.Inspection;

/// <summary>A part of an ELF file and where it lies in memory.</summary>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Address">Of the first byte, in memory.</param>
/// <param name="Size">Bytes in the file.</param>
internal readonly record struct ElfSegment(ulong Offset, ulong Address, ulong Size)
{
    /// <returns>Null when the address lies in none of them.</returns>
    public static ulong? OffsetOf(ulong address, IReadOnlyList<ElfSegment> loaded)
    {
        foreach (var segment in loaded)
        {
            if (address >= segment.Address && address - segment.Address < segment.Size)
            {
                return segment.Offset + (address - segment.Address);
            }
        }

        return null;
    }
}

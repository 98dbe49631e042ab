namespace MultiArch.Oci.Inspection;

/// <summary>How numbers are written in one ELF file.</summary>
internal readonly record struct ElfFormat(bool Is64Bit, bool IsLittleEndian)
{
    /// <summary>Bytes of an address.</summary>
    public int WordSize => Is64Bit ? 8 : 4;

    public ElfFields Fields(ReadOnlySpan<byte> structure) => new(structure, Is64Bit, IsLittleEndian);
}

namespace MultiArch.Oci.Inspection;

/// <summary>How functions of one machine call each other, where there is more than one way and <c>e_flags</c> tells.</summary>
/// <param name="Mask">The bits that tell.</param>
/// <param name="Value">What they are on the platform.</param>
/// <param name="IsOptional">Some compilers leave all of them out (Go, for Arm), which says nothing.</param>
internal sealed record ElfAbi(uint Mask, uint Value, bool IsOptional, string Name)
{
    public bool Allows(uint flags) => (flags & Mask) == Value || (IsOptional && (flags & Mask) == 0);
}

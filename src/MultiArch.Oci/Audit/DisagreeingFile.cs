using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Audit;

/// <summary>A file that does not fit the platform of its image.</summary>
/// <param name="Fault">Its path is absolute.</param>
/// <param name="Reason">Why it is needed there, in a few words; null for one that may lie there on purpose.</param>
public sealed record DisagreeingFile(PlatformFault Fault, string? Reason)
{
    /// <summary>The image lies: what it needs on its platform is for another.</summary>
    public bool IsLie => Reason is not null;
}

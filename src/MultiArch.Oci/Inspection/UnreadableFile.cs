namespace MultiArch.Oci.Inspection;

/// <summary>Begins like an ELF file and has no header that a kernel or a loader would read.</summary>
public sealed record UnreadableFile : BinaryFile;

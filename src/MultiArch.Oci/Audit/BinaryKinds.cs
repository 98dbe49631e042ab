using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Audit;

/// <summary>What binaries of an image are, in words that are counted.</summary>
internal static class BinaryKinds
{
    /// <returns>Null for what runs nowhere by itself: object files, debug information, code for graphics processors, firmware.</returns>
    public static string? NameOf(BinaryFile file) => file switch
    {
        ElfFile { Type: not (ElfFile.Executable or ElfFile.SharedObject) } or ElfFile { IsDebugInformation: true } or PeFile { IsFirmware: true } => null,
        ElfFile elf => ElfMachine.IsDevice(elf.Machine) ? null : ElfMachine.NameOf(elf.Machine),
        PeFile { Code: PeCode.IL } => "IL",
        PeFile { Code: PeCode.ReadyToRun } pe => $"ReadyToRun {(pe.OperatingSystem is PeOperatingSystem.Linux ? "" : $"{pe.OperatingSystem} ")}{PeMachine.NameOf(pe.Processor)}",
        PeFile => "Windows",
        MachOFile => "macOS",
        _ => "unreadable",
    };
}

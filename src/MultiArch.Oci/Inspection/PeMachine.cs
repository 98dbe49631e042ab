namespace MultiArch.Oci.Inspection;

/// <summary>Processors of PE files: <c>IMAGE_FILE_MACHINE_…</c>.</summary>
/// <remarks>https://learn.microsoft.com/windows/win32/debug/pe-format#machine-types</remarks>
public static class PeMachine
{
    /// <summary>Also of assemblies for any processor.</summary>
    public const int X86 = 0x14C;

    public const int Arm = 0x1C4;
    public const int X64 = 0x8664;
    public const int Arm64 = 0xAA64;
    public const int RiscV64 = 0x5064;
    public const int LoongArch64 = 0x6264;

    private static readonly PeOperatingSystem[] Systems = Enum.GetValues<PeOperatingSystem>();

    internal static IReadOnlyList<int> All { get; } = [X86, Arm, X64, Arm64, RiscV64, LoongArch64];

    /// <summary>Takes a machine apart. No two pairs make the same number.</summary>
    internal static (int Processor, PeOperatingSystem OperatingSystem) Split(int machine)
    {
        foreach (var system in Systems)
        {
            if (All.Contains(machine ^ (int)system))
            {
                return (machine ^ (int)system, system);
            }
        }

        return (machine, PeOperatingSystem.Windows);
    }

    /// <summary>As readers of messages know it.</summary>
    internal static string NameOf(int processor) => processor switch
    {
        X86 => "x86",
        Arm => "Arm",
        X64 => "x64",
        Arm64 => "Arm64",
        RiscV64 => "RISC-V 64",
        LoongArch64 => "LoongArch64",
        _ => $"machine 0x{processor:X4}",
    };
}

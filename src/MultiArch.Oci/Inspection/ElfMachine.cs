namespace MultiArch.Oci.Inspection;

/// <summary>Values of <c>e_machine</c>.</summary>
/// <remarks>https://www.sco.com/developers/gabi/latest/ch4.eheader.html#e_machine</remarks>
public static class ElfMachine
{
    public const int X86 = 3;
    public const int PowerPC64 = 21;
    public const int S390 = 22;
    public const int Arm = 40;
    public const int X64 = 62;
    public const int Arm64 = 183;
    public const int RiscV = 243;
    public const int LoongArch = 258;

    private const int Mips = 8;
    private const int PowerPC = 20;
    private const int Sparc64 = 43;
    private const int Hexagon = 164;
    private const int Cuda = 190;
    private const int IntelGpu = 205;
    private const int AmdGpu = 224;
    private const int Bpf = 247;

    /// <summary>Whether it is a graphics processor, a signal processor or the kernel's own machine: a file for one is data to any program.</summary>
    internal static bool IsDevice(int machine) => machine is Hexagon or Cuda or IntelGpu or AmdGpu or Bpf;

    /// <summary>As readers of messages know it.</summary>
    internal static string NameOf(int machine) => machine switch
    {
        X86 => "x86",
        Mips => "MIPS",
        PowerPC => "PowerPC",
        PowerPC64 => "PowerPC64",
        S390 => "S/390",
        Arm => "Arm",
        Sparc64 => "SPARC64",
        X64 => "x86-64",
        Arm64 => "AArch64",
        RiscV => "RISC-V",
        LoongArch => "LoongArch",
        _ => $"machine {machine}",
    };
}

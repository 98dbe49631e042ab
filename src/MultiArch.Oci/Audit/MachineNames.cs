using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Audit;

/// <summary>Whether the path of a file says which platform the file is for, as <c>runtimes/linux-arm64/native/x.so</c> and <c>prebuilds/linux-x64/x.node</c> do: then it lies beside others on purpose.</summary>
internal static class MachineNames
{
    public static bool Names(string path, BinaryFile file)
    {
        var parts = Parts(path);
        return NamesOf(file).Any(name => parts.Any(part => IsName(part, name)));
    }

    private static string[] Parts(string path) =>
        path.ToLowerInvariant().Replace("x86_64", "x64", StringComparison.Ordinal).Replace("x86-64", "x64", StringComparison.Ordinal).Split(['/', '-', '_', '.', '+', ' '], StringSplitOptions.RemoveEmptyEntries);

    // Names of Arm's 32-bit processors go on with a level or an ABI: armv7l, armhf, arm32v6.
    private static bool IsName(string part, string name) => part == name || (name == "arm" && part.StartsWith("arm", StringComparison.Ordinal) && !part.StartsWith("arm64", StringComparison.Ordinal));

    private static string[] NamesOf(BinaryFile file) => file switch
    {
        ElfFile elf => OfElf(elf.Machine),
        PeFile { OperatingSystem: PeOperatingSystem.Apple } => ["osx", "darwin", "macos", "maccatalyst", "ios", "tvos"],
        PeFile { Code: PeCode.Native or PeCode.Mixed } => ["win", "windows", "win32", "win64", "exe", "dll"],
        PeFile { OperatingSystem: PeOperatingSystem.Windows, Code: PeCode.ReadyToRun } pe => ["win", "windows", .. OfPe(pe.Processor)],
        PeFile pe => OfPe(pe.Processor),
        _ => [],
    };

    private static string[] OfElf(int machine) => machine switch
    {
        ElfMachine.X64 => ["x64", "amd64", "linux64", "64bit"],
        ElfMachine.X86 => ["x86", "i386", "i486", "i586", "i686", "386", "ia32", "linux32", "lib32", "libx32"],
        ElfMachine.Arm64 => ["arm64", "aarch64", "arm64v8", "armv8"],
        ElfMachine.Arm => ["arm"],
        ElfMachine.PowerPC64 => ["ppc64le", "ppc64el", "ppc64", "powerpc64le", "powerpc64"],
        ElfMachine.S390 => ["s390x", "s390"],
        ElfMachine.RiscV => ["riscv64", "riscv32", "riscv"],
        ElfMachine.LoongArch => ["loongarch64", "loong64"],
        8 => ["mips", "mipsel", "mips64", "mips64le", "mips64el", "mipsle"],
        20 => ["ppc", "powerpc"],
        _ => [],
    };

    private static string[] OfPe(int processor) => processor switch
    {
        PeMachine.X64 => ["x64", "amd64"],
        PeMachine.X86 => ["x86", "win32"],
        PeMachine.Arm64 => ["arm64", "aarch64"],
        PeMachine.Arm => ["arm"],
        _ => [],
    };
}

namespace MultiArch.Oci.Inspection;

/// <summary>What the files of one Linux platform look like.</summary>
/// <remarks>
/// Machines, flags and loaders are those of the ABI supplements, of glibc's <c>shlib-versions</c> and musl's <c>arch/*/reloc.h</c>; which of
/// them .NET runs on: https://github.com/dotnet/runtime/blob/v10.0.0/src/coreclr/inc/pedecoder.h.
/// </remarks>
public sealed record BinaryPlatform
{
    private static readonly BinaryPlatform[] Known =
    [
        new() { Name = "linux/amd64", ElfMachine = Inspection.ElfMachine.X64, PeMachine = Inspection.PeMachine.X64, GlibcLoader = "/lib64/ld-linux-x86-64.so.2", MuslLoader = "/lib/ld-musl-x86_64.so.1" },
        new() { Name = "linux/arm64", ElfMachine = Inspection.ElfMachine.Arm64, PeMachine = Inspection.PeMachine.Arm64, GlibcLoader = "/lib/ld-linux-aarch64.so.1", MuslLoader = "/lib/ld-musl-aarch64.so.1" },
        new() { Name = "linux/arm/v7", ElfMachine = Inspection.ElfMachine.Arm, Is64Bit = false, PeMachine = Inspection.PeMachine.Arm, Abi = new(0x600, 0x400, IsOptional: true, "hard float"), GlibcLoader = "/lib/ld-linux-armhf.so.3", MuslLoader = "/lib/ld-musl-armhf.so.1" },
        new() { Name = "linux/386", ElfMachine = Inspection.ElfMachine.X86, Is64Bit = false, PeMachine = Inspection.PeMachine.X86, GlibcLoader = "/lib/ld-linux.so.2", MuslLoader = "/lib/ld-musl-i386.so.1" },
        new() { Name = "linux/riscv64", ElfMachine = Inspection.ElfMachine.RiscV, PeMachine = Inspection.PeMachine.RiscV64, Abi = new(0x6, 0x4, IsOptional: false, "lp64d"), GlibcLoader = "/lib/ld-linux-riscv64-lp64d.so.1", MuslLoader = "/lib/ld-musl-riscv64.so.1" },
        new() { Name = "linux/s390x", ElfMachine = Inspection.ElfMachine.S390, IsLittleEndian = false, GlibcLoader = "/lib/ld64.so.1", MuslLoader = "/lib/ld-musl-s390x.so.1" },
        new() { Name = "linux/ppc64le", ElfMachine = Inspection.ElfMachine.PowerPC64, Abi = new(0x3, 0x2, IsOptional: true, "ELFv2"), GlibcLoader = "/lib64/ld64.so.2", MuslLoader = "/lib/ld-musl-powerpc64le.so.1" },
        new() { Name = "linux/loong64", ElfMachine = Inspection.ElfMachine.LoongArch, PeMachine = Inspection.PeMachine.LoongArch64, Abi = new(0x7, 0x3, IsOptional: false, "lp64d"), GlibcLoader = "/lib64/ld-linux-loongarch-lp64d.so.1", MuslLoader = "/lib/ld-musl-loongarch64.so.1" },
    ];

    private BinaryPlatform()
    {
    }

    /// <summary>In the image index's words: <c>linux/arm/v7</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="Inspection.ElfMachine"/>.</summary>
    public required int ElfMachine { get; init; }

    public bool Is64Bit { get; private init; } = true;

    public bool IsLittleEndian { get; private init; } = true;

    /// <summary>One of <see cref="Inspection.PeMachine"/>; null where .NET is Mono, which compiles everything itself.</summary>
    public int? PeMachine { get; private init; }

    /// <summary>The machine of ReadyToRun files: the processor XOR the system.</summary>
    public int? ReadyToRunMachine => PeMachine ^ (int)PeOperatingSystem.Linux;

    /// <summary>The C library of the RuntimeIdentifier; unknown when an image is looked at that somebody else made.</summary>
    public CLibrary CLibrary { get; private init; }

    public required string GlibcLoader { get; init; }

    public required string MuslLoader { get; init; }

    internal ElfAbi? Abi { get; private init; }

    /// <summary>Finds the row of a platform whose names are normalised, as containerd does it.</summary>
    /// <returns>Null when nothing is known of its files: Windows, and architectures that .NET does not run on.</returns>
    public static BinaryPlatform? Find(string os, string architecture, string? variant, CLibrary library)
    {
        // Vectors such as amd64/v3 say which instructions there are, which no header tells. Below arm/v7 both float ABIs occur.
        var isArm = architecture == "arm";
        var name = isArm ? $"{os}/arm/v7" : $"{os}/{architecture}";
        var row = Known.FirstOrDefault(platform => platform.Name == name);
        return isArm && variant is "v5" or "v6"
            ? row! with { Name = $"{os}/arm/{variant}", Abi = null, CLibrary = library }
            : row is null ? null : row with { CLibrary = library };
    }

    /// <summary>The C library that .NET builds for under a RuntimeIdentifier such as <c>linux-musl-x64</c>.</summary>
    public static CLibrary CLibraryOf(string runtimeIdentifier) => runtimeIdentifier.Split('-') switch
    {
        ["linux", "musl", ..] => CLibrary.Musl,
        ["linux", "bionic", ..] => CLibrary.Bionic,
        ["linux", ..] => CLibrary.Glibc,
        _ => CLibrary.Unknown,
    };
}

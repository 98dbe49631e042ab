using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Audit;

/// <summary>Where an image keeps what runs on its own platform and on no other.</summary>
internal static class SystemFolders
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin",
        "lib", "lib64", "usr/lib", "usr/lib64", "usr/local/lib", "usr/local/lib64",
    };

    /// <param name="path">Of a file, relative.</param>
    public static bool Contain(BinaryPlatform platform, string path)
    {
        var folder = path[..Math.Max(0, path.LastIndexOf('/'))];
        return Names.Contains(folder) || (TripletOf(platform) is { } triplet && (folder == $"lib/{triplet}" || folder == $"usr/lib/{triplet}"));
    }

    /// <summary>Debian's folder of libraries for one platform: https://wiki.debian.org/Multiarch/Tuples.</summary>
    private static string? TripletOf(BinaryPlatform platform) => platform.ElfMachine switch
    {
        ElfMachine.X64 => "x86_64-linux-gnu",
        ElfMachine.Arm64 => "aarch64-linux-gnu",
        ElfMachine.Arm => platform.Name == "linux/arm/v7" ? "arm-linux-gnueabihf" : "arm-linux-gnueabi",
        ElfMachine.X86 => "i386-linux-gnu",
        ElfMachine.RiscV => "riscv64-linux-gnu",
        ElfMachine.S390 => "s390x-linux-gnu",
        ElfMachine.PowerPC64 => "powerpc64le-linux-gnu",
        ElfMachine.LoongArch => "loongarch64-linux-gnu",
        _ => null,
    };
}

using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Tests.Inspection;

/// <summary>Files as they are on each platform.</summary>
internal static class SyntheticPlatform
{
    /// <summary>By the platform's name; headers as the compilers of each write them.</summary>
    public static IReadOnlyDictionary<string, SyntheticElf> Elf { get; } = new Dictionary<string, SyntheticElf>
    {
        ["linux/amd64"] = new() { Machine = 62 },
        ["linux/arm64"] = new() { Machine = 183 },
        ["linux/arm/v7"] = new() { Machine = 40, Is64Bit = false, Flags = 0x0500_0400 },
        ["linux/386"] = new() { Machine = 3, Is64Bit = false },
        ["linux/riscv64"] = new() { Machine = 243, Flags = 0x5 },
        ["linux/s390x"] = new() { Machine = 22, IsLittleEndian = false },
        ["linux/ppc64le"] = new() { Machine = 21, Flags = 2 },
        ["linux/loong64"] = new() { Machine = 258, Flags = 0x43 },
    };

    public static BinaryPlatform Find(string name, CLibrary library = CLibrary.Unknown)
    {
        var platform = Platform.Parse(name).Normalize();
        return BinaryPlatform.Find(platform.OS, platform.Architecture, platform.Variant, library)!;
    }

    public static PlatformFault? Inspect(string platform, SyntheticElf file, CLibrary library = CLibrary.Unknown, string path = "/app/x") =>
        new PlatformInspector(Find(platform, library)).Inspect(path, BinaryFile.TryRead(new MemoryStream(file.ToBytes())));

    public static PlatformFault? Inspect(string platform, SyntheticPe file, string path = "/app/x.dll") =>
        new PlatformInspector(Find(platform)).Inspect(path, BinaryFile.TryRead(new MemoryStream(file.ToBytes())));
}

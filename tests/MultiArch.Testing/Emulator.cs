using System.Runtime.InteropServices;
using MultiArch.Oci;

namespace MultiArch.Testing;

/// <summary>How programs of another architecture start on this machine: qemu's user mode, by the kernel (binfmt_misc) or by name.</summary>
public static class Emulator
{
    private static readonly string Native = RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    public static bool IsNeededFor(Platform platform) =>
        platform.Architecture != Native && (Native, platform.Architecture) is not ("amd64", "386");

    /// <summary>Whether the kernel starts the platform's programs by itself.</summary>
    public static bool IsRegistered(Platform platform)
    {
        var entry = $"/proc/sys/fs/binfmt_misc/qemu-{MachineOf(platform)}";
        return File.Exists(entry) && File.ReadLines(entry).First() is "enabled";
    }

    /// <summary>The program that emulates the platform's processor and needs no library.</summary>
    internal static string ProgramFor(Platform platform) => $"qemu-{MachineOf(platform)}-static";

    private static string MachineOf(Platform platform) => platform.Architecture switch
    {
        "amd64" => "x86_64",
        "arm64" => "aarch64",
        "386" => "i386",
        var same => same,
    };
}

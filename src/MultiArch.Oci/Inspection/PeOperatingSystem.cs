namespace MultiArch.Oci.Inspection;

/// <summary>The mark of a system in the machine of a ReadyToRun file.</summary>
/// <remarks>https://github.com/dotnet/runtime/blob/v10.0.0/src/coreclr/inc/pedecoder.h, IMAGE_FILE_MACHINE_OS_MASK</remarks>
public enum PeOperatingSystem
{
    /// <summary>No mark.</summary>
    Windows = 0,
    Linux = 0x7B79,
    Apple = 0x4644,
    FreeBSD = 0xADC4,
    NetBSD = 0x1993,
    SunOS = 0x1992,
}

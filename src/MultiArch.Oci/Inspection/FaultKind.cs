namespace MultiArch.Oci.Inspection;

/// <summary>Why a file does not fit a platform.</summary>
public enum FaultKind
{
    /// <summary>A native file for another processor, width or byte order.</summary>
    ForeignMachine,

    /// <summary>The right processor, and functions that are called in another way: soft float, another ABI.</summary>
    ForeignAbi,

    /// <summary>An ELF file of another system, such as FreeBSD.</summary>
    ForeignOperatingSystem,

    /// <summary>glibc, musl or Android's library where another of them is.</summary>
    ForeignCLibrary,

    /// <summary>An assembly whose native code is for another processor or system. .NET does not fall back to its IL.</summary>
    ReadyToRunForeign,

    /// <summary>An assembly of IL alone that was compiled for one processor, and not for this.</summary>
    ForeignAssembly,

    /// <summary>A library or program of Windows.</summary>
    WindowsNative,

    /// <summary>A library or program of macOS.</summary>
    MachOOnLinux,

    /// <summary>Cut off: what the headers describe is not all there.</summary>
    Truncated,

    /// <summary>A program whose dynamic loader is not in the image: "no such file or directory", said of the program.</summary>
    LoaderMissing,

    /// <summary>A needed library is nowhere in the image.</summary>
    LibraryMissing,

    /// <summary>A file was linked with a newer C library than the image's.</summary>
    VersionMissing,

    /// <summary>.NET wants ICU for its cultures, and it is nowhere in the image.</summary>
    IcuMissing,

    /// <summary>A framework-dependent app whose framework is not in the image, or in versions that it does not take.</summary>
    FrameworkMissing,

    /// <summary>What the image starts is not in it.</summary>
    ProgramMissing,

    /// <summary>The index, the config or the base name another platform.</summary>
    PlatformContradicted,
}

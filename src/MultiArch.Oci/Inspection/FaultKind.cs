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
}

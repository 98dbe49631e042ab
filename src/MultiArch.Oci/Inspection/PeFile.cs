namespace MultiArch.Oci.Inspection;

/// <summary>What the headers of a PE file, which every .NET assembly is, say about where it runs.</summary>
/// <remarks>
/// https://learn.microsoft.com/windows/win32/debug/pe-format, ECMA-335 II.25.3.3 and
/// https://github.com/dotnet/runtime/blob/v10.0.0/docs/design/coreclr/botr/readytorun-format.md. Numbers are as in the file, not checked for sense.
/// </remarks>
public sealed record PeFile : BinaryFile
{
    /// <summary>The first two bytes of every PE file, and of programs for DOS.</summary>
    public static ReadOnlySpan<byte> Magic => "MZ"u8;

    /// <summary>As in the file: with native code for a system other than Windows, the processor's number XOR the system's.</summary>
    public required int Machine { get; init; }

    /// <summary>One of <see cref="PeMachine"/>; <see cref="Machine"/> itself when no system's mark makes one of it.</summary>
    public int Processor => PeMachine.Split(Machine).Processor;

    /// <summary>The system that native code beside the IL is for.</summary>
    public PeOperatingSystem OperatingSystem => PeMachine.Split(Machine).OperatingSystem;

    /// <summary>PE32+.</summary>
    public required bool Is64Bit { get; init; }

    public required PeCode Code { get; init; }

    /// <summary><c>IMAGE_SUBSYSTEM_…</c>: 2 and 3 are Windows, 10 to 13 are firmware.</summary>
    public int Subsystem { get; init; }

    /// <summary>Compiled for x86 alone (<c>COMIMAGE_FLAGS_32BITREQUIRED</c>, and not <c>…32BITPREFERRED</c>, which asks for nothing on a 64-bit system).</summary>
    public bool Requires32Bit { get; init; }

    /// <summary>Native code of this assembly lies in another file, the composite image.</summary>
    public bool IsReadyToRunComponent { get; init; }

    /// <summary>Compiled to native code from an assembly for any processor.</summary>
    public bool IsFromAnyCpu { get; init; }

    /// <summary>Loaded by the firmware, before there is an operating system.</summary>
    public bool IsFirmware => Subsystem is >= 10 and <= 13;

    /// <summary>Reads the headers, at most 1 MiB, whatever the file claims.</summary>
    /// <param name="file">Can seek; its position is changed.</param>
    /// <returns>Null when it is no PE file; what is missing from a truncated one is absent.</returns>
    public static new PeFile? TryRead(Stream file)
    {
        var bounded = new BoundedFile(file, MaxBytes);
        return PeHeaderReader.TryRead(bounded, Head(bounded));
    }
}

namespace MultiArch.Oci.Inspection;

/// <summary>What the headers of an ELF file say about the machine that it runs on and the libraries that it runs with.</summary>
/// <remarks>
/// https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html, ch5.pheader.html and ch5.dynamic.html. Numbers are as in the file, not
/// checked for sense. Nothing but debug information is looked for in the section headers, which a program need not have.
/// </remarks>
public sealed record ElfFile : BinaryFile
{
    public const int Executable = 2;
    public const int SharedObject = 3;

    /// <summary>The first four bytes of every ELF file.</summary>
    public static ReadOnlySpan<byte> Magic => "\u007FELF"u8;

    /// <summary><c>EI_CLASS</c>.</summary>
    public required bool Is64Bit { get; init; }

    /// <summary><c>EI_DATA</c>.</summary>
    public required bool IsLittleEndian { get; init; }

    /// <summary><c>EI_OSABI</c>: 0 and 3 are Linux, 9 is FreeBSD.</summary>
    public int OSAbi { get; init; }

    /// <summary><c>e_type</c>: <see cref="Executable"/>, <see cref="SharedObject"/>, or another.</summary>
    public required int Type { get; init; }

    /// <summary><c>e_machine</c>, one of <see cref="ElfMachine"/> or another.</summary>
    public required int Machine { get; init; }

    /// <summary><c>e_flags</c>, whose meaning depends on the machine.</summary>
    public uint Flags { get; init; }

    /// <summary>Whether there is a <c>PT_INTERP</c>.</summary>
    public bool HasInterpreter { get; init; }

    /// <summary>The dynamic loader, such as <c>/lib64/ld-linux-x86-64.so.2</c>; null without one, or when it lies outside what was read.</summary>
    public string? Interpreter { get; init; }

    /// <summary><c>DF_1_PIE</c>: tells a static program that is loaded anywhere from a library.</summary>
    public bool IsPositionIndependentExecutable { get; init; }

    /// <summary><c>DT_SONAME</c>: the name that others need it by.</summary>
    public string? SharedObjectName { get; init; }

    /// <summary><c>DT_NEEDED</c>, in the order of the file: names such as <c>libc.so.6</c>, seldom paths.</summary>
    public IReadOnlyList<string> Needed { get; init; } = [];

    /// <summary><c>DT_RPATH</c>: where libraries are looked for before <c>LD_LIBRARY_PATH</c>. May hold <c>$ORIGIN</c>.</summary>
    public IReadOnlyList<string> RPath { get; init; } = [];

    /// <summary><c>DT_RUNPATH</c>: the same after it; the loader then ignores <see cref="RPath"/>.</summary>
    public IReadOnlyList<string> RunPath { get; init; } = [];

    /// <summary>The versions of symbols that the loader asks of the needed libraries before anything runs.</summary>
    public IReadOnlyList<ElfSymbolVersion> RequiredVersions { get; init; } = [];

    /// <summary>The versions of symbols that a library has for others, such as <c>GLIBC_2.34</c>; its own name, which comes first in the file, left out.</summary>
    public IReadOnlyList<string> DefinedVersions { get; init; } = [];

    /// <summary>What <c>objcopy --only-keep-debug</c> or a Native AOT publish puts beside a program: its headers, without its content.</summary>
    public bool IsDebugInformation { get; init; }

    /// <summary>The C library that it was linked for.</summary>
    public CLibrary CLibrary => ElfCLibrary.Of(this);

    /// <summary>Whether the kernel starts the file, rather than another program loading it.</summary>
    public bool IsExecutable => Type is Executable || HasInterpreter || IsPositionIndependentExecutable;

    /// <summary>A program that needs no loader and no library.</summary>
    public bool IsStatic => IsExecutable && !HasInterpreter && Needed.Count == 0;

    /// <summary>Reads headers that lie within the first bytes of a file.</summary>
    /// <returns>Null when they are not those of an ELF file; what lies beyond the bytes is absent, and makes the file a truncated one.</returns>
    public static ElfFile? TryRead(ReadOnlySpan<byte> head)
    {
        using var stream = new MemoryStream(head.ToArray(), writable: false);
        return TryRead(stream);
    }

    /// <summary>Reads the headers wherever they lie; at most 1 MiB, whatever the file claims.</summary>
    /// <param name="file">Can seek; its position is changed.</param>
    /// <returns>Null when it is no ELF file; what is missing from a truncated one is absent.</returns>
    public static new ElfFile? TryRead(Stream file)
    {
        var bounded = new BoundedFile(file, MaxBytes);
        return ElfReader.TryRead(bounded, Head(bounded));
    }
}

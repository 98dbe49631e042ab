namespace MultiArch.Oci.Inspection;

internal static class ElfInspection
{
    private const int NetBsd = 2;
    private const int Solaris = 6;
    private const int FreeBsd = 9;
    private const int OpenBsd = 12;

    public static PlatformFault? Inspect(BinaryPlatform platform, string path, ElfFile file)
    {
        if (file.Type is not (ElfFile.Executable or ElfFile.SharedObject) || file.IsDebugInformation || ElfMachine.IsDevice(file.Machine))
        {
            return null;
        }

        if (file.IsTruncated)
        {
            return Fault(FaultKind.Truncated, isCertain: true, "an ELF file that was cut off", RunTimeTexts.Crash());
        }

        if (file.Machine != platform.ElfMachine || file.Is64Bit != platform.Is64Bit || file.IsLittleEndian != platform.IsLittleEndian)
        {
            return Fault(FaultKind.ForeignMachine, !MayRunBeside(platform, file), Describe(file), TextsOfForeign(platform, path, file));
        }

        if (SystemOf(file) is { } system)
        {
            return Fault(FaultKind.ForeignOperatingSystem, isCertain: true, $"{Describe(file)}, of {system}", TextsOf(path, file, "ELF file OS ABI invalid"));
        }

        if (platform.Abi is { } abi && !file.IsStatic && !abi.Allows(file.Flags))
        {
            return Fault(FaultKind.ForeignAbi, isCertain: true, $"{Describe(file)}, e_flags 0x{file.Flags:X}", TextsOf(path, file));
        }

        return IsForeign(platform.CLibrary, file)
            ? Fault(FaultKind.ForeignCLibrary, file.IsExecutable || file.CLibrary is not CLibrary.Glibc, $"{Describe(file)}, linked for {NameOf(file.CLibrary)} ({Evidence(file)})", TextsOfForeignCLibrary(platform, path, file))
            : null;

        PlatformFault Fault(FaultKind kind, bool isCertain, string found, IReadOnlyList<RunTimeText> texts) => new(path, kind, isCertain, found, Describe(platform), texts);
    }

    /// <summary>What a native file of the platform is.</summary>
    public static string Describe(BinaryPlatform platform)
    {
        var description = Describe(platform.ElfMachine, platform.Is64Bit, platform.IsLittleEndian);
        var abi = platform.Abi is null ? "" : $", {platform.Abi.Name}";
        return platform.CLibrary is CLibrary.Unknown ? description + abi : $"{description}{abi}, linked for {NameOf(platform.CLibrary)}";
    }

    private static string Describe(ElfFile file) => Describe(file.Machine, file.Is64Bit, file.IsLittleEndian);

    /// <summary>The width and the byte order are said where the name leaves them open.</summary>
    private static string Describe(int machine, bool is64Bit, bool isLittleEndian) => (machine, is64Bit, isLittleEndian) switch
    {
        (ElfMachine.X86 or ElfMachine.Arm, false, true) or (ElfMachine.X64 or ElfMachine.Arm64, true, true) => $"ELF for {ElfMachine.NameOf(machine)}",
        _ => $"ELF for {ElfMachine.NameOf(machine)}, {(is64Bit ? "64-bit" : "32-bit")}, {(isLittleEndian ? "little-endian" : "big-endian")}",
    };

    private static string? SystemOf(ElfFile file) => file.OSAbi switch
    {
        NetBsd => "NetBSD",
        Solaris => "Solaris",
        FreeBsd => "FreeBSD",
        OpenBsd => "OpenBSD",
        _ => null,
    };

    /// <summary>Whether many hosts of the platform start programs of its 32-bit predecessor too; its libraries fit into no process.</summary>
    private static bool MayRunBeside(BinaryPlatform platform, ElfFile file) =>
        file.IsExecutable && (platform.ElfMachine, file.Machine) is (ElfMachine.X64, ElfMachine.X86) or (ElfMachine.Arm64, ElfMachine.Arm);

    private static bool IsForeign(CLibrary expected, ElfFile file) =>
        expected is not CLibrary.Unknown && file.CLibrary is not CLibrary.Unknown && file.CLibrary != expected;

    private static string Evidence(ElfFile file) =>
        file.Interpreter is { } interpreter ? $"interpreter {interpreter}" : $"needs {string.Join(", ", file.Needed)}";

    private static string NameOf(CLibrary library) => library switch
    {
        CLibrary.Glibc => "glibc",
        CLibrary.Musl => "musl",
        _ => "Android",
    };

    private static IReadOnlyList<RunTimeText> TextsOfForeign(BinaryPlatform platform, string path, ElfFile file)
    {
        if (!file.IsExecutable)
        {
            return RunTimeTexts.LibraryNotLoaded(path, ReasonOf(platform, file));
        }

        // A host that has a handler for the other machine starts the program, and its loader is missing then.
        var emulated = file.Interpreter is { } interpreter ? RunTimeTexts.MissingLoader(path, interpreter) : [];
        return [.. RunTimeTexts.ExecFormatError(path), .. emulated.Select(text => text with { When = $"{text.When}, on a host that runs {ElfMachine.NameOf(file.Machine)}" })];
    }

    private static string ReasonOf(BinaryPlatform platform, ElfFile file) => (file.Is64Bit == platform.Is64Bit, file.IsLittleEndian == platform.IsLittleEndian) switch
    {
        (false, _) => $"wrong ELF class: {(file.Is64Bit ? "ELFCLASS64" : "ELFCLASS32")}",
        (_, false) => $"ELF file data encoding not {(platform.IsLittleEndian ? "little-endian" : "big-endian")}",
        _ => "cannot open shared object file: No such file or directory",
    };

    private static IReadOnlyList<RunTimeText> TextsOf(string path, ElfFile file, string reason = "cannot open shared object file: No such file or directory") =>
        file.IsStatic ? RunTimeTexts.Crash() : file.IsExecutable ? RunTimeTexts.MissingLoader(path, file.Interpreter) : RunTimeTexts.LibraryNotLoaded(path, reason);

    private static IReadOnlyList<RunTimeText> TextsOfForeignCLibrary(BinaryPlatform platform, string path, ElfFile file)
    {
        if (file.IsExecutable)
        {
            return RunTimeTexts.MissingLoader(path, file.Interpreter);
        }

        var loader = file.Needed.FirstOrDefault(name => name.StartsWith("ld-", StringComparison.Ordinal) || name.StartsWith("ld64.", StringComparison.Ordinal));
        var reason = (platform.CLibrary, loader) switch
        {
            // musl takes libc.so.6 for itself and looks for no file; then glibc's own symbols are missing.
            (CLibrary.Musl, null) => RunTimeTexts.MissingSymbol(path),
            _ => RunTimeTexts.MissingLibrary(path, loader ?? file.Needed.FirstOrDefault(name => name.StartsWith("libc.", StringComparison.Ordinal)) ?? "libc.so.6", platform.CLibrary),
        };
        return [RunTimeTexts.LibraryNotLoaded(path)[0], .. reason];
    }
}

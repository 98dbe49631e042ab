namespace MultiArch.Oci.Inspection;

/// <summary>What people read when a file that does not fit is used. Paths are those in the image.</summary>
/// <remarks>
/// Seen with runc 1.1.5, crun 1.8.1, glibc 2.36 and .NET 10.0.12, on x86-64 and on AArch64; those of musl are from its source
/// (https://git.musl-libc.org/cgit/musl/tree/ldso/dynlink.c?h=v1.2.5).
/// </remarks>
public static class RunTimeTexts
{
    private const string Docker = "docker, containerd (runc)";
    private const string Podman = "podman (crun)";
    private const string Started = "started by the app";
    private const string PInvoke = "called by the app (P/Invoke)";
    private const string Referenced = "referenced by the app";
    private const string ByPath = "the app itself, or loaded by its path";
    private const string IncorrectFormat = "An attempt was made to load a program with an incorrect format.";

    /// <summary>The kernel has no way to run the program.</summary>
    public static IReadOnlyList<RunTimeText> ExecFormatError(string program) =>
    [
        new(Docker, $"exec {program}: exec format error"),
        new(Podman, $"exec container process `{program}`: Exec format error"),
        new(Started, $"Win32Exception (8): An error occurred trying to start process '{program}'"),
    ];

    /// <summary>The program's interpreter is not in the image, which the kernel says of the program itself.</summary>
    /// <param name="interpreter">Null when it is not known.</param>
    public static IReadOnlyList<RunTimeText> MissingLoader(string program, string? interpreter = null) =>
    [
        new(Docker, $"exec {program}: no such file or directory"),
        new(Podman, $"exec container process (missing dynamic library?) `{program}`: No such file or directory"),
        new(Started, $"Win32Exception (2): An error occurred trying to start process '{program}'"),
        .. interpreter is null ? [] : new[] { new RunTimeText("emulated by qemu", $"Could not open '{interpreter}': No such file or directory") },
    ];

    /// <summary>A library that a program or another library needs is not in the image.</summary>
    /// <param name="file">What needs it.</param>
    public static IReadOnlyList<RunTimeText> MissingLibrary(string file, string library, CLibrary ofImage) => ofImage is CLibrary.Musl
        ? [new("musl's loader", $"Error loading shared library {library}: No such file or directory (needed by {file})")]
        : [new("glibc's loader", $"{library}: cannot open shared object file: No such file or directory")];

    /// <summary>The library is there and older than what the file was linked with.</summary>
    /// <param name="file">What needs it.</param>
    public static IReadOnlyList<RunTimeText> MissingVersion(string file, string version) =>
        [new("glibc's loader", $"version `{version}' not found (required by {file})")];

    /// <summary>musl has no versions: it loads what was linked for glibc and misses single functions.</summary>
    public static IReadOnlyList<RunTimeText> MissingSymbol(string file) => [new("musl's loader", $"Error relocating {file}:")];

    /// <summary>glibc passes over a library for another machine as if it were not there; for the other faults it has words.</summary>
    public static IReadOnlyList<RunTimeText> LibraryNotLoaded(string library, string reason = "cannot open shared object file: No such file or directory") =>
        [new(PInvoke, "System.DllNotFoundException: Unable to load shared library"), new($"{PInvoke}, in the lines that follow", $"{library}: {reason}")];

    /// <summary>An assembly with native code for another processor or system.</summary>
    /// <param name="isFoundOutLate">Not when the assembly is looked for, but when it is loaded: then the runtime no longer names the file.</param>
    public static IReadOnlyList<RunTimeText> BadImageFormat(string assembly, bool isFoundOutLate) => isFoundOutLate
        ? [new($"{ByPath}, or {Referenced}", $"System.BadImageFormatException: {IncorrectFormat}")]
        : [NotFound(assembly), new(ByPath, $"System.BadImageFormatException: Could not load file or assembly '{assembly}'. {IncorrectFormat}")];

    /// <summary>An assembly of IL alone for another processor: there, and "not found".</summary>
    public static IReadOnlyList<RunTimeText> IncompatibleAssembly(string assembly) =>
    [
        NotFound(assembly),
        new(ByPath, $"System.IO.FileLoadException: Could not load file or assembly '{assembly}'. The assembly architecture is not compatible with the current process architecture."),
    ];

    /// <summary>What the runtime says of a reference when the file is there and it cannot make anything of it.</summary>
    public static RunTimeText NotFound(string assembly) =>
        new(Referenced, $"System.IO.FileNotFoundException: Could not load file or assembly '{Path.GetFileNameWithoutExtension(assembly)},");

    /// <summary>Nothing but the signal: the loader touches what is not there.</summary>
    public static IReadOnlyList<RunTimeText> Crash() => [new("a shell; docker, podman and .NET say nothing and end with 139", "Segmentation fault")];

    /// <summary>What the image starts is not in it.</summary>
    /// <param name="program">As the image's command has it.</param>
    public static IReadOnlyList<RunTimeText> MissingProgram(string program) => program.Contains('/')
        ? [new(Docker, $"exec: \"{program}\": stat {program}: no such file or directory"), new(Podman, $"executable file `{program}` not found: No such file or directory")]
        : [new(Docker, $"exec: \"{program}\": executable file not found in $PATH"), new(Podman, $"executable file `{program}` not found in $PATH: No such file or directory")];

    /// <summary>.NET's host finds no version of a framework that the app takes.</summary>
    public static IReadOnlyList<RunTimeText> MissingFramework(string name, string version) =>
        [new("the app", "You must install or update .NET to run this application."), new("the app, in the lines that follow", $"Framework: '{name}', version '{version}'")];

    /// <summary>.NET's runtime finds no ICU and ends the process.</summary>
    public static IReadOnlyList<RunTimeText> MissingIcu() => [new("the app", "Couldn't find a valid ICU package installed on the system.")];

    /// <summary>A client that looks for its own platform passes over the entry.</summary>
    public static IReadOnlyList<RunTimeText> NoMatch(string platform) =>
        [new("containerd", "no match for platform in manifest"), new("podman", "no image found in image index for architecture"), new("docker", $"no matching manifest for {platform}")];
}

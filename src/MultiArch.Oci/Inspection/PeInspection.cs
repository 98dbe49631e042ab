namespace MultiArch.Oci.Inspection;

/// <remarks>
/// What .NET 10 does with each kind was found out by running it on x86-64 and AArch64: IL of machine I386 runs everywhere, in PE32 and PE32+
/// alike; IL of another machine, and what requires 32 bits, is passed over; native code for another processor or system is refused as a whole,
/// although the IL is beside it, composite images and their parts too. PlatformTruthTests runs it again.
/// </remarks>
internal static class PeInspection
{
    public static PlatformFault? Inspect(BinaryPlatform platform, string path, PeFile file)
    {
        if (file.Code is PeCode.Native)
        {
            return file.IsFirmware ? null : Fault(FaultKind.WindowsNative, isCertain: false, $"a native file of Windows for {Processor(file)}", RunTimeTexts.LibraryNotLoaded(path, "invalid ELF header"));
        }

        // Mono looks at the IL alone.
        var isCoreClr = platform.PeMachine is not null;
        if (file.IsTruncated)
        {
            return Fault(FaultKind.Truncated, isCertain: true, "an assembly that was cut off", [RunTimeTexts.NotFound(path)]);
        }

        return file.Code switch
        {
            PeCode.Mixed => Fault(FaultKind.WindowsNative, isCertain: false, $"an assembly with native code of Windows for {Processor(file)}", [RunTimeTexts.NotFound(path)]),
            PeCode.ReadyToRun when file.Machine != platform.ReadyToRunMachine => Fault(FaultKind.ReadyToRunForeign, isCoreClr, $"ReadyToRun code for {SystemOf(file)} {Processor(file)}", RunTimeTexts.BadImageFormat(path, IsFoundOutLate(platform, file))),
            PeCode.IL when !IsForProcessor(platform, file) => Fault(FaultKind.ForeignAssembly, isCoreClr, $"IL for {(file.Requires32Bit ? "x86" : Processor(file))} alone", IsKnownToSearch(file) ? RunTimeTexts.IncompatibleAssembly(path) : RunTimeTexts.BadImageFormat(path, isFoundOutLate: false)),
            _ => null,
        };

        PlatformFault Fault(FaultKind kind, bool isCertain, string found, IReadOnlyList<RunTimeText> texts) => new(path, kind, isCertain, found, Describe(platform, file), texts);
    }

    private static bool IsForProcessor(BinaryPlatform platform, PeFile file) => file.Machine == PeMachine.X86
        ? !file.Requires32Bit || platform.PeMachine == PeMachine.X86
        : file.Machine == platform.PeMachine && file.Is64Bit == platform.Is64Bit && !file.Requires32Bit;

    /// <summary>The search for an assembly looks at the processor that it was compiled for; at the system, only the loading does.</summary>
    private static bool IsFoundOutLate(BinaryPlatform platform, PeFile file) => file.IsFromAnyCpu || file.Machine == platform.PeMachine;

    private static bool IsKnownToSearch(PeFile file) => file.Machine is PeMachine.X86 or PeMachine.X64 or PeMachine.Arm or PeMachine.Arm64;

    private static string Describe(BinaryPlatform platform, PeFile file) => file.Code switch
    {
        PeCode.Native or PeCode.Mixed => ElfInspection.Describe(platform),
        PeCode.ReadyToRun when platform.PeMachine is { } machine => $"ReadyToRun code for Linux {PeMachine.NameOf(machine)}, or IL for any processor",
        _ => platform.PeMachine is { } machine ? $"IL for any processor or for {PeMachine.NameOf(machine)}" : "IL for any processor",
    };

    private static string Processor(PeFile file) => PeMachine.NameOf(file.Processor);

    private static string SystemOf(PeFile file) => file.OperatingSystem is PeOperatingSystem.Apple ? "macOS" : file.OperatingSystem.ToString();
}

using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification;

/// <summary>What people are told of each kind of fault beside the fault itself.</summary>
public static class FaultAdvice
{
    private const string WrongAsset = "a package that has no file for this RuntimeIdentifier, or the wrong one; or an item (None, Content, MultiArchFile) without a Condition on '$(RuntimeIdentifier)'";
    private const string StaleBuild = "a bin or obj folder of another RuntimeIdentifier, taken over by --no-build or by a target of the project: delete both and publish again";

    /// <summary>One of <see cref="DiagnosticCodes"/>.</summary>
    public static string CodeOf(FaultKind kind) => kind switch
    {
        FaultKind.ForeignMachine or FaultKind.ForeignAbi or FaultKind.ForeignOperatingSystem => DiagnosticCodes.NativeFileForeign,
        FaultKind.ForeignCLibrary => DiagnosticCodes.CLibraryForeign,
        FaultKind.ReadyToRunForeign or FaultKind.ForeignAssembly => DiagnosticCodes.AssemblyForeign,
        FaultKind.LoaderMissing => DiagnosticCodes.LoaderMissing,
        FaultKind.Truncated => DiagnosticCodes.FileCutOff,
        FaultKind.WindowsNative or FaultKind.MachOOnLinux => DiagnosticCodes.FileOfAnotherSystem,
        FaultKind.PlatformContradicted => DiagnosticCodes.PlatformContradicted,
        FaultKind.FrameworkMissing => DiagnosticCodes.FrameworkMissing,
        FaultKind.VersionMissing => DiagnosticCodes.LibraryVersionMissing,
        FaultKind.LibraryMissing => DiagnosticCodes.LibraryMissing,
        FaultKind.IcuMissing => DiagnosticCodes.IcuMissing,
        FaultKind.ProgramMissing => DiagnosticCodes.ProgramMissing,
        _ => DiagnosticCodes.Internal,
    };

    /// <summary>Where it mostly comes from, to stand behind "Likely cause:" with a full stop after it.</summary>
    /// <param name="runtimeIdentifier">Null when an image is looked at that somebody else made.</param>
    public static string LikelyCause(PlatformFault fault, string? runtimeIdentifier)
    {
        var rid = runtimeIdentifier ?? "the platform";
        return fault.Kind switch
        {
            FaultKind.ForeignMachine or FaultKind.ForeignAbi or FaultKind.ForeignOperatingSystem or FaultKind.ForeignCLibrary =>
                IsLibrary(fault.Path) ? WrongAsset : $"{StaleBuild}; or {WrongAsset}",
            FaultKind.ReadyToRunForeign or FaultKind.ForeignAssembly => $"{StaleBuild}; or an assembly that was compiled elsewhere for another processor",
            FaultKind.LoaderMissing => $"a base that is not made for {rid}, or no base: set ContainerBaseImage to an image with that loader, choose a RuntimeIdentifier that fits the base (linux-musl-… is for Alpine), or add the C library with MultiArchOSPackage (Debian and Ubuntu: libc6, libgcc-s1, libstdc++6)",
            FaultKind.Truncated => "a copy or download that was cut off, or a file that Git LFS has not fetched",
            FaultKind.WindowsNative or FaultKind.MachOOnLinux => WrongAsset,
            FaultKind.FrameworkMissing => "a base with another version of .NET, or without it: set ContainerBaseImage to one that has it, or publish with -p:PublishSelfContained=true",
            FaultKind.VersionMissing => "a library that was compiled on a newer system than the base: take a newer base, or compile it on an older system",
            FaultKind.LibraryMissing => $"a base that does not have it: add its package with MultiArchOSPackage ({LibraryPackages.Of(fault.Library)}), or take another base",
            FaultKind.IcuMissing => "a base without ICU: take one that has it (of Microsoft's images without a shell those that end in -extra), add its package with MultiArchOSPackage (libicu76 | libicu74 | libicu72), or set InvariantGlobalization",
            FaultKind.ProgramMissing => "a ContainerAppCommand or ContainerEntrypoint that names another place, or a base without that program",
            FaultKind.PlatformContradicted => "an image whose documents were copied or edited",
            _ => "none is known",
        };
    }

    private static bool IsLibrary(string path) => path[(path.LastIndexOf('/') + 1)..].Contains(".so", StringComparison.Ordinal);
}

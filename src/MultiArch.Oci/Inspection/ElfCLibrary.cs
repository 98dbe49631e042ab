namespace MultiArch.Oci.Inspection;

/// <summary>Tells C libraries apart by the names that each alone uses.</summary>
internal static class ElfCLibrary
{
    public static CLibrary Of(ElfFile file)
    {
        if (file.Interpreter is { } interpreter && OfLoader(interpreter[(interpreter.LastIndexOf('/') + 1)..]) is not CLibrary.Unknown and var library)
        {
            return library;
        }

        if (file.RequiredVersions.Any(version => IsGlibcVersion(version.Name)) || file.DefinedVersions.Any(IsGlibcVersion))
        {
            return CLibrary.Glibc;
        }

        // Android's symbols have the version LIBC; musl's have none.
        if (file.RequiredVersions.Any(version => version.Library == "libc.so") || file.Needed.Any(name => name is "liblog.so" or "libandroid.so"))
        {
            return CLibrary.Bionic;
        }

        return file.Needed.Select(OfNeeded).FirstOrDefault(found => found is not CLibrary.Unknown);
    }

    private static bool IsGlibcVersion(string name) => name.StartsWith("GLIBC_", StringComparison.Ordinal);

    private static CLibrary OfLoader(string name) => name switch
    {
        _ when name.StartsWith("ld-musl-", StringComparison.Ordinal) => CLibrary.Musl,
        _ when name.StartsWith("ld-linux", StringComparison.Ordinal) || name.StartsWith("ld64.so.", StringComparison.Ordinal) => CLibrary.Glibc,
        "linker" or "linker64" => CLibrary.Bionic,
        _ => CLibrary.Unknown,
    };

    private static CLibrary OfNeeded(string name) => name switch
    {
        "libc.so.6" => CLibrary.Glibc,
        "libc.so" => CLibrary.Musl, // musl's own name for itself; Alpine has the next
        _ when name.StartsWith("libc.musl-", StringComparison.Ordinal) => CLibrary.Musl,
        _ => OfLoader(name),
    };
}

using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification;

/// <summary>Versions of glibc, as its symbols name them.</summary>
public static class GlibcVersion
{
    private const string Prefix = "GLIBC_";

    // The mark of a way of relocating that came with this version.
    private static readonly Version RelativeRelocations = new(2, 36);

    /// <summary>The version that has the symbols of a name such as <c>GLIBC_2.34</c>.</summary>
    /// <returns>Null when the name is no version: <c>GLIBC_PRIVATE</c>, or one of another library.</returns>
    public static Version? TryParse(string name) =>
        !name.StartsWith(Prefix, StringComparison.Ordinal) ? null
        : name == "GLIBC_ABI_DT_RELR" ? RelativeRelocations
        : Version.TryParse(name[Prefix.Length..], out var version) ? version
        : null;

    /// <summary>What a <c>libc.so.6</c> is: the highest of the versions that it defines.</summary>
    public static Version? Of(ElfFile library) => library.DefinedVersions.Select(TryParse).Max();
}

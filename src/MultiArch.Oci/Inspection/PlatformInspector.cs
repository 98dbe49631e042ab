namespace MultiArch.Oci.Inspection;

/// <summary>Says of single files, by their headers alone, whether they run on a platform.</summary>
public sealed class PlatformInspector(BinaryPlatform platform)
{
    /// <param name="path">Of the file in the image, absolute: it stands in the texts.</param>
    /// <param name="file">Null for a file of no such format, which fits everywhere.</param>
    /// <returns>Null when the file fits, or runs nowhere: object files, debug information, code for graphics processors, firmware.</returns>
    public PlatformFault? Inspect(string path, BinaryFile? file) => file switch
    {
        ElfFile elf => ElfInspection.Inspect(platform, path, elf),
        PeFile pe => PeInspection.Inspect(platform, path, pe),
        MachOFile machO => new PlatformFault(path, FaultKind.MachOOnLinux, IsCertain: false, $"Mach-O for {string.Join(", ", machO.Architectures)}", ElfInspection.Describe(platform), RunTimeTexts.LibraryNotLoaded(path, "invalid ELF header")),
        UnreadableFile => new PlatformFault(path, FaultKind.Truncated, IsCertain: true, "the beginning of an ELF file", ElfInspection.Describe(platform), RunTimeTexts.ExecFormatError(path)),
        _ => null,
    };
}

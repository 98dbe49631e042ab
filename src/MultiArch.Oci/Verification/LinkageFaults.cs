using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification;

/// <summary>What the dynamic loader would miss for one file.</summary>
internal static class LinkageFaults
{
    /// <summary>What the runtime tries to load and does without: it traces to LTTng where that is installed.</summary>
    private const string Optional = "libcoreclrtraceptprovider.so";

    public static IEnumerable<PlatformFault> Find(BinaryPlatform platform, ImageContents contents, BinaryInImage file, ElfFile elf)
    {
        if (elf.Interpreter is { } loader && !contents.Exists(loader))
        {
            return [LoaderMissing(contents, file, loader)];
        }

        // Where there is no C library at all, its lack is told of the programs, and every library would miss the same.
        if (file.IsOfSystem || contents.CLibrary is CLibrary.Unknown || file.Path.EndsWith("/" + Optional, StringComparison.Ordinal))
        {
            return [];
        }

        var library = elf.CLibrary is not CLibrary.Unknown ? elf.CLibrary
            : platform.CLibrary is not CLibrary.Unknown ? platform.CLibrary
            : contents.CLibrary;
        return [.. MissingLibraries(contents, file, elf, library), .. MissingVersion(contents, file, elf)];
    }

    private static PlatformFault LoaderMissing(ImageContents contents, BinaryInImage file, string loader) => new(
        file.Path,
        FaultKind.LoaderMissing,
        IsCertain: !file.IsOfSystem,
        $"a program for the loader {loader}, which neither the base nor the layers have",
        contents.Loaders.Count > 0 ? $"the loader that is there, {string.Join(" or ", contents.Loaders)}" : "an image with that loader, which is part of the C library",
        RunTimeTexts.MissingLoader(file.Path, loader));

    private static IEnumerable<PlatformFault> MissingLibraries(ImageContents contents, BinaryInImage file, ElfFile elf, CLibrary library) => elf.Needed
        .Distinct()
        .Where(name => !contents.HasLibrary(name, file, library))
        .Select(name => new PlatformFault(
            file.Path,
            FaultKind.LibraryMissing,
            IsCertain: false,
            $"a file that needs {name}{ForLibrary(library)}, which neither the base nor the layers have",
            $"{name} in the image",
            RunTimeTexts.MissingLibrary(file.Path, name, library)) { Library = name });

    private static string ForLibrary(CLibrary library) => library switch
    {
        CLibrary.Musl => " for musl",
        CLibrary.Glibc => " for glibc",
        _ => "",
    };

    private static IEnumerable<PlatformFault> MissingVersion(ImageContents contents, BinaryInImage file, ElfFile elf)
    {
        if (contents is not { CLibrary: CLibrary.Glibc, CLibraryVersion: { } offered })
        {
            return [];
        }

        // One fault for one file, of the newest: what has that has the others too.
        var newest = elf.RequiredVersions
            .Where(version => !version.IsWeak)
            .Select(version => (version.Name, Version: GlibcVersion.TryParse(version.Name)))
            .Where(version => version.Version > offered)
            .OrderBy(version => version.Version)
            .LastOrDefault();
        return newest.Name is null
            ? []
            : [new(file.Path, FaultKind.VersionMissing, IsCertain: false, $"a file linked with symbols of {newest.Name}", $"symbols of glibc {offered}, which the image has, or older", RunTimeTexts.MissingVersion(file.Path, newest.Name))];
    }
}

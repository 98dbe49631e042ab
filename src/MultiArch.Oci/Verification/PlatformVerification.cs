using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification;

/// <summary>Says of a whole image whether its files run on the platform that it claims, and with what is in it. No I/O.</summary>
public static class PlatformVerification
{
    /// <returns>In the order of the files, then what concerns the app as a whole.</returns>
    public static IReadOnlyList<PlatformFault> FindFaults(VerifiedImage image) =>
    [
        .. FileFaults(image),
        .. image.Contents is { } contents ? StartFaults.Find(image, contents) : [],
    ];

    private static IEnumerable<PlatformFault> FileFaults(VerifiedImage image)
    {
        var strict = new PlatformInspector(image.Platform);
        var selections = image.RuntimeIdentifier is { } runtimeIdentifier
            ? image.AppFiles.GroupBy(file => file.Folder).ToDictionary(group => group.Key, group => new AssetSelection(runtimeIdentifier, group.Where(file => file.IsDependencies).Select(file => file.Content)))
            : [];
        foreach (var file in image.Binaries)
        {
            if (IsForOthers(file, selections))
            {
                continue;
            }

            if (strict.Inspect(file.Path, file.Binary) is { } fault && !IsExcused(fault, file, image))
            {
                yield return file.IsOfSystem ? fault with { IsCertain = false } : fault;
            }
            else if (image.Contents is { } contents && file.Binary is ElfFile elf && IsLoaded(elf))
            {
                foreach (var lack in LinkageFaults.Find(image.Platform, contents, file, elf))
                {
                    yield return lack;
                }
            }
        }
    }

    private static bool IsForOthers(BinaryInImage file, IReadOnlyDictionary<string, AssetSelection> selections) =>
        selections.Any(selection => file.Path.StartsWith(selection.Key + "/", StringComparison.Ordinal) && selection.Value.IsForOthers(file.Path[(selection.Key.Length + 1)..]));

    private static bool IsLoaded(ElfFile file) => file is { Type: ElfFile.Executable or ElfFile.SharedObject, IsDebugInformation: false } && !ElfMachine.IsDevice(file.Machine);

    /// <summary>Beside the app there may be programs for another C library, with its loader: a musl one in a Debian image, or what packages bring.</summary>
    private static bool IsExcused(PlatformFault fault, BinaryInImage file, VerifiedImage image)
    {
        if (fault.Kind is not FaultKind.ForeignCLibrary || file.Binary is not ElfFile elf)
        {
            return false;
        }

        var isOfApp = !file.IsOfSystem && file.Path.StartsWith(image.WorkingDirectory.TrimEnd('/') + "/", StringComparison.Ordinal);
        return file.IsOfSystem || (!isOfApp && elf.Interpreter is { } loader && image.Contents?.Exists(loader) == true);
    }
}

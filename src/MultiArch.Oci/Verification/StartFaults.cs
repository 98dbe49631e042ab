using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification;

/// <summary>What an image lacks for its app as a whole: the program, .NET's frameworks, ICU.</summary>
internal static class StartFaults
{
    // Of a container whose config names none; runc and crun have the same.
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static IEnumerable<PlatformFault> Find(VerifiedImage image, ImageContents contents)
    {
        var lacks = new List<PlatformFault>();
        foreach (var file in image.AppFiles.Where(file => file.IsRuntimeConfig))
        {
            if (RuntimeConfig.TryParse(file.Content) is { } config)
            {
                lacks.AddRange(FrameworksMissing(image, contents, file, config));
                lacks.AddRange(IcuMissing(image, contents, file, config));
            }
        }

        // Without its framework there is no program `dotnet` either, and the framework is what to look for.
        if (!lacks.Exists(lack => lack is { Kind: FaultKind.FrameworkMissing, IsCertain: true }) && ProgramMissing(image, contents) is { } program)
        {
            lacks.Add(program);
        }

        return lacks;
    }

    private static IEnumerable<PlatformFault> FrameworksMissing(VerifiedImage image, ImageContents contents, AppFile file, RuntimeConfig config)
    {
        var roll = RollForwards.TryParse(image.Environment.GetValueOrDefault("DOTNET_ROLL_FORWARD"));
        return config.Frameworks
            .Where(framework => !framework.IsIn(contents.Frameworks.VersionsOf(framework.Name), roll))
            .Select(framework => new PlatformFault(
                file.Path,
                FaultKind.FrameworkMissing,
                IsStarted(image, file),
                contents.Frameworks.VersionsOf(framework.Name) is { Count: > 0 } versions ? $"{framework.Name} {string.Join(", ", versions)} in the image" : $"no {framework.Name} in the image",
                $"{framework.Name} {framework.Version} or a version that the app takes in its place",
                RunTimeTexts.MissingFramework(framework.Name, framework.Version)));
    }

    /// <summary>A publish may bring the files of other apps, as of a tool that is started or not.</summary>
    private static bool IsStarted(VerifiedImage image, AppFile file) =>
        image.Command.Any(word => word.Split('/')[^1] is var name && (name == file.Name || name == file.Name + ".dll"));

    private static IEnumerable<PlatformFault> IcuMissing(VerifiedImage image, ImageContents contents, AppFile file, RuntimeConfig config)
    {
        // The runtime asks its config first: https://github.com/dotnet/runtime/blob/v10.0.0/src/libraries/Common/src/System/AppContextConfigHelper.cs
        var isInvariant = config.IsInvariant
            ?? image.Environment.GetValueOrDefault("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT") is { } text && (text == "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase));
        var library = image.Platform.CLibrary is CLibrary.Unknown ? contents.CLibrary : image.Platform.CLibrary;
        var hasRuntime = config.IsSelfContained || config.Frameworks.All(framework => contents.Frameworks.VersionsOf(framework.Name).Count > 0);
        return isInvariant || !hasRuntime || contents.HasIcu(file.Folder, library)
            ? []
            : [new(file.Path, FaultKind.IcuMissing, IsCertain: false, "globalization that is on, and no ICU in the base or the layers", "libicuuc and libicui18n in the image, or InvariantGlobalization", RunTimeTexts.MissingIcu())];
    }

    private static PlatformFault? ProgramMissing(VerifiedImage image, ImageContents contents)
    {
        if (image.Command is not [{ Length: > 0 } program, ..])
        {
            return null;
        }

        var found = program.Contains('/')
            ? contents.Exists(program.StartsWith('/') ? program : $"{image.WorkingDirectory}/{program}")
            : (image.Environment.GetValueOrDefault("PATH") ?? DefaultPath).Split(':').Any(folder => contents.Exists($"{folder}/{program}"));
        return found ? null : new PlatformFault(program, FaultKind.ProgramMissing, IsCertain: true, "what the image starts, which neither the base nor the layers have", "a program that is there", RunTimeTexts.MissingProgram(program));
    }
}

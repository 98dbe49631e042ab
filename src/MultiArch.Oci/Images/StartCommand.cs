namespace MultiArch.Oci.Images;

/// <summary>The items by which a .NET project says how its container starts, and what entrypoint and command follow from them.</summary>
/// <remarks>https://learn.microsoft.com/dotnet/core/containers/publish-configuration#containerappcommand</remarks>
public sealed record StartCommand(
    IReadOnlyList<string> AppCommand,
    IReadOnlyList<string> AppCommandArgs,
    IReadOnlyList<string> Entrypoint,
    IReadOnlyList<string> EntrypointArgs,
    IReadOnlyList<string> DefaultArgs,
    AppCommandInstruction? Instruction = null)
{
    /// <param name="baseEntrypoint">The base image's own; kept only when the project asks for arguments to it.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidAppCommand"/>: the items contradict each other.</exception>
    public (IReadOnlyList<string> Entrypoint, IReadOnlyList<string> Cmd) Resolve(IReadOnlyList<string> baseEntrypoint)
    {
        if (AppCommand.Count == 0 && AppCommandArgs.Count > 0 && Instruction is not AppCommandInstruction.None)
        {
            throw Contradiction("ContainerAppCommandArgs are set and there is no ContainerAppCommand to take them. Set it, or use ContainerDefaultArgs");
        }

        var app = AppCommand.Concat(AppCommandArgs).ToList();
        var instruction = Instruction ?? (app.Count == 0 ? AppCommandInstruction.None
            : Entrypoint.Count > 0 ? AppCommandInstruction.DefaultArgs
            : AppCommandInstruction.Entrypoint);
        switch (instruction)
        {
            case AppCommandInstruction.Entrypoint when Entrypoint.Count > 0:
                throw Contradiction("ContainerEntrypoint is set although ContainerAppCommandInstruction makes the app the entrypoint. Remove one of them");
            case AppCommandInstruction.Entrypoint:
                return (app, [.. EntrypointArgs, .. DefaultArgs]);
            case AppCommandInstruction.DefaultArgs:
                return (OrBase(baseEntrypoint), [.. app, .. DefaultArgs]);
            default:
                return AppCommandArgs.Count > 0
                    ? throw Contradiction("ContainerAppCommandArgs are set although ContainerAppCommandInstruction is None. Use ContainerDefaultArgs")
                    : (OrBase(baseEntrypoint), DefaultArgs);
        }
    }

    private static MultiArchException Contradiction(string what) => new(DiagnosticCodes.InvalidAppCommand, what + ".");

    /// <summary>Microsoft's images have <c>dotnet</c> as entrypoint, which takes no path with a slash as an app: it counts as none.</summary>
    private IReadOnlyList<string> OrBase(IReadOnlyList<string> baseEntrypoint) =>
        Entrypoint.Count > 0 ? [.. Entrypoint, .. EntrypointArgs]
        : baseEntrypoint is ["dotnet" or "/usr/bin/dotnet"] ? EntrypointArgs
        : [.. baseEntrypoint, .. EntrypointArgs];
}

/// <summary>Where the app's command goes in the image's configuration.</summary>
public enum AppCommandInstruction
{
    Entrypoint,
    DefaultArgs,
    None,
}

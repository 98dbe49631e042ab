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
    /// <param name="baseEntrypoint">The base image's own; kept only where the project gives no entrypoint.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidAppCommand"/>: the items contradict each other.</exception>
    public (IReadOnlyList<string> Entrypoint, IReadOnlyList<string> Cmd) Resolve(IReadOnlyList<string> baseEntrypoint)
    {
        // Microsoft's images have `dotnet` as entrypoint, which takes no path with a slash as an app: it counts as none.
        var inherited = baseEntrypoint is ["dotnet" or "/usr/bin/dotnet"] ? [] : baseEntrypoint;
        if (MeansDefaultArgs)
        {
            return (Or(AppCommand, inherited), EntrypointArgs);
        }

        RefuseContradictions();
        IReadOnlyList<string> app = [.. AppCommand, .. AppCommandArgs];
        var entrypoint = Or([.. Entrypoint, .. EntrypointArgs], inherited);
        return EffectiveInstruction switch
        {
            AppCommandInstruction.Entrypoint => (Or(app, inherited), DefaultArgs),
            AppCommandInstruction.DefaultArgs => (entrypoint, [.. app, .. DefaultArgs]),
            _ => (entrypoint, DefaultArgs),
        };
    }

    /// <summary>Alone, ContainerEntrypointArgs are the arguments that a user of the image may replace: so they were called before there were ContainerDefaultArgs.</summary>
    private bool MeansDefaultArgs =>
        EntrypointArgs.Count > 0 && Instruction is null && Entrypoint.Count == 0 && DefaultArgs.Count == 0 && AppCommandArgs.Count == 0;

    private AppCommandInstruction EffectiveInstruction => Instruction ?? (Entrypoint.Count > 0 ? AppCommandInstruction.DefaultArgs : AppCommandInstruction.Entrypoint);

    private void RefuseContradictions()
    {
        if (EntrypointArgs.Count > 0 && Entrypoint.Count == 0)
        {
            throw Contradiction("ContainerEntrypointArgs are set and there is no ContainerEntrypoint to take them. Use ContainerAppCommandArgs for the app's own arguments, or ContainerDefaultArgs");
        }

        if (AppCommandArgs.Count > 0 && AppCommand.Count == 0)
        {
            throw Contradiction("ContainerAppCommandArgs are set and there is no ContainerAppCommand to take them. Set it, or use ContainerDefaultArgs");
        }

        if (EffectiveInstruction is AppCommandInstruction.None && AppCommand.Count > 0)
        {
            throw Contradiction("ContainerAppCommand and ContainerAppCommandArgs are not used when ContainerAppCommandInstruction is None. Remove them, or the instruction");
        }

        if (EffectiveInstruction is AppCommandInstruction.Entrypoint && Entrypoint.Count > 0)
        {
            throw Contradiction("ContainerEntrypoint is set although ContainerAppCommandInstruction makes the app the entrypoint. Remove one of them");
        }
    }

    private static MultiArchException Contradiction(string what) => new(DiagnosticCodes.InvalidAppCommand, what + ".");

    private static IReadOnlyList<string> Or(IReadOnlyList<string> own, IReadOnlyList<string> inherited) => own.Count > 0 ? own : inherited;
}

/// <summary>Where the app's command goes in the image's configuration.</summary>
public enum AppCommandInstruction
{
    Entrypoint,
    DefaultArgs,
    None,
}

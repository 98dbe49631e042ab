using System.Reflection;
using MultiArch.Oci;
using MultiArch.Oci.Images;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Entrypoint and command of an image are those that the installed SDK's own image builder comes to, for every combination of the items.</summary>
[TestClass]
public sealed class StartCommandAgainstSdkTests
{
    private static readonly string[][] AppCommands = [[], ["/app/web"], ["dotnet", "/app/web.dll"]];

    private static readonly string[][] BaseEntrypoints = [[], ["dotnet"], ["/usr/bin/dotnet"], ["dotnet", "exec"], ["/docker-entrypoint.sh", "-x"]];

    private static readonly AppCommandInstruction?[] Instructions = [null, .. Enum.GetValues<AppCommandInstruction>().Cast<AppCommandInstruction?>()];

    private static readonly MethodInfo Determine = InstalledSdk.Containers
        .GetType("Microsoft.NET.Build.Containers.ImageBuilder", throwOnError: true)!
        .GetMethod("DetermineEntrypointAndCmd", BindingFlags.Static | BindingFlags.NonPublic)!;

    [TestMethod]
    public void Every_combination_gives_what_the_SDK_gives_and_what_it_refuses_is_refused()
    {
        var commands =
            from app in AppCommands
            from appArgs in Maybe("--a", "b c")
            from entrypoint in Maybe("tini", "--")
            from entrypointArgs in Maybe("-g")
            from defaultArgs in Maybe("--d")
            from instruction in Instructions
            from baseEntrypoint in BaseEntrypoints
            select (Command: new StartCommand(app, appArgs, entrypoint, entrypointArgs, defaultArgs, instruction), Base: baseEntrypoint);
        var different = new List<string>();
        var refused = 0;

        foreach (var (command, baseEntrypoint) in commands)
        {
            var (ours, theirs) = (ResolveOurs(command, baseEntrypoint), ResolveTheirs(command, baseEntrypoint));
            refused += theirs == "refused" ? 1 : 0;
            if (ours != theirs)
            {
                different.Add($"{Describe(command)} on [{string.Join(' ', baseEntrypoint)}]: {ours} in place of {theirs}");
            }
        }

        Assert.AreEqual("", string.Join('\n', different.Take(20)), $"{different.Count} combinations differ.");
        Assert.IsGreaterThan(100, refused, "The table holds contradictions too.");
    }

    private static string[][] Maybe(params string[] words) => [[], words];

    private static string ResolveOurs(StartCommand command, string[] baseEntrypoint)
    {
        try
        {
            var (entrypoint, cmd) = command.Resolve(baseEntrypoint);
            return Format(entrypoint, cmd);
        }
        catch (MultiArchException e)
        {
            Assert.AreEqual(DiagnosticCodes.InvalidAppCommand, e.Code);
            return "refused";
        }
    }

    private static string ResolveTheirs(StartCommand command, string[] baseEntrypoint)
    {
        var errors = new List<string>();
        var (entrypoint, cmd) = ((string[], string[]))Determine.Invoke(null,
        [
            command.Entrypoint.ToArray(),
            command.EntrypointArgs.ToArray(),
            command.DefaultArgs.ToArray(),
            command.AppCommand.ToArray(),
            command.AppCommandArgs.ToArray(),
            command.Instruction?.ToString() ?? "",
            baseEntrypoint,
            (Action<string>)(_ => { }),
            (Action<string, string?>)((error, _) => errors.Add(error)),
        ])!;
        return errors.Count > 0 ? "refused" : Format(entrypoint, cmd);
    }

    private static string Format(IReadOnlyList<string> entrypoint, IReadOnlyList<string> cmd) => $"[{string.Join('|', entrypoint)}] [{string.Join('|', cmd)}]";

    private static string Describe(StartCommand command) =>
        $"{command.Instruction} app {Format(command.AppCommand, command.AppCommandArgs)} entrypoint {Format(command.Entrypoint, command.EntrypointArgs)} default [{string.Join('|', command.DefaultArgs)}]";
}

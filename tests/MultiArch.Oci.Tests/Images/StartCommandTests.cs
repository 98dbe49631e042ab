using MultiArch.Oci.Images;

namespace MultiArch.Oci.Tests.Images;

/// <summary>https://learn.microsoft.com/dotnet/core/containers/publish-configuration, its items as a table. A space parts words; null is no item.</summary>
[TestClass]
public sealed class StartCommandTests
{
    private const string App = "/app/web";

    [TestMethod]
    // The app alone: it is the entrypoint, whatever the base's is.
    [DataRow(App, null, null, null, null, null, null, App, "")]
    [DataRow(App, null, null, null, null, null, "/docker-entrypoint.sh", App, "")]
    [DataRow(App, "--port 80", null, null, null, null, null, "/app/web --port 80", "")]
    [DataRow(App, "--port 80", null, null, "--verbose", null, null, "/app/web --port 80", "--verbose")]
    [DataRow(App, null, null, null, "--verbose", null, "dotnet", App, "--verbose")]
    [DataRow("dotnet /app/web.dll", null, null, null, null, null, "dotnet", "dotnet /app/web.dll", "")]
    // ContainerEntrypointArgs alone are the older word for default arguments.
    [DataRow(App, null, null, "--x y", null, null, null, App, "--x y")]
    // With an entrypoint of the project's own the app becomes its argument.
    [DataRow(App, "--a", "tini --", "-g", "--d", null, "/base", "tini -- -g", "/app/web --a --d")]
    [DataRow(App, null, "tini", null, null, null, null, "tini", App)]
    // DefaultArgs: the same, for the base's entrypoint too.
    [DataRow(App, "--a", null, null, "--d", AppCommandInstruction.DefaultArgs, "/entry.sh -x", "/entry.sh -x", "/app/web --a --d")]
    [DataRow(App, null, null, null, null, AppCommandInstruction.DefaultArgs, "dotnet", "", App)]
    [DataRow(App, null, null, null, null, AppCommandInstruction.DefaultArgs, "/usr/bin/dotnet", "", App)]
    [DataRow(App, null, null, null, null, AppCommandInstruction.DefaultArgs, "dotnet exec", "dotnet exec", App)]
    [DataRow(App, null, null, null, null, AppCommandInstruction.DefaultArgs, null, "", App)]
    [DataRow(App, null, "tini", null, null, AppCommandInstruction.DefaultArgs, "/base", "tini", App)]
    // Entrypoint, said aloud.
    [DataRow(App, "--a", null, null, "--d", AppCommandInstruction.Entrypoint, "/base", "/app/web --a", "--d")]
    // None: there is no command of the app.
    [DataRow(null, null, "/bin/sh -c", "x", "y", AppCommandInstruction.None, "/base", "/bin/sh -c x", "y")]
    [DataRow(null, null, null, null, "y", AppCommandInstruction.None, "/base", "/base", "y")]
    [DataRow(null, null, null, null, null, AppCommandInstruction.None, "dotnet", "", "")]
    [DataRow(null, null, null, null, null, null, "/base", "/base", "")]
    [DataRow(null, null, "/entry", null, null, null, "/base", "/entry", "")]
    public void Items_and_base_give_entrypoint_and_command(
        string? app, string? appArgs, string? entrypoint, string? entrypointArgs, string? defaultArgs, AppCommandInstruction? instruction, string? baseEntrypoint,
        string expectedEntrypoint, string expectedCmd)
    {
        var command = new StartCommand(Words(app), Words(appArgs), Words(entrypoint), Words(entrypointArgs), Words(defaultArgs), instruction);

        var (actualEntrypoint, actualCmd) = command.Resolve(Words(baseEntrypoint));

        Assert.AreEqual(expectedEntrypoint, string.Join(' ', actualEntrypoint));
        Assert.AreEqual(expectedCmd, string.Join(' ', actualCmd));
    }

    [TestMethod]
    [DataRow(App, null, "/entry", AppCommandInstruction.Entrypoint, "ContainerEntrypoint")]
    [DataRow(App, "--a", null, AppCommandInstruction.None, "ContainerAppCommandArgs")]
    [DataRow(App, null, null, AppCommandInstruction.None, "ContainerAppCommand")]
    [DataRow(null, "--a", null, null, "ContainerAppCommandArgs")]
    [DataRow(null, "--a", null, AppCommandInstruction.DefaultArgs, "ContainerAppCommandArgs")]
    [DataRow(null, "--a", null, AppCommandInstruction.Entrypoint, "ContainerAppCommandArgs")]
    public void Items_that_contradict_each_other_are_refused_by_name(string? app, string? appArgs, string? entrypoint, AppCommandInstruction? instruction, string named)
    {
        var command = new StartCommand(Words(app), Words(appArgs), Words(entrypoint), [], [], instruction);

        var error = Assert.ThrowsExactly<MultiArchException>(() => command.Resolve([]));

        Assert.AreEqual(DiagnosticCodes.InvalidAppCommand, error.Code);
        Assert.Contains(named, error.Message);
    }

    [TestMethod]
    public void A_word_is_never_split_or_joined()
    {
        var command = new StartCommand(["/app/my web"], ["a;b \"c\""], [], [], ["", "d e"]);

        var (entrypoint, cmd) = command.Resolve([]);

        CollectionAssert.AreEqual(new[] { "/app/my web", "a;b \"c\"" }, entrypoint.ToArray());
        CollectionAssert.AreEqual(new[] { "", "d e" }, cmd.ToArray());
    }

    private static string[] Words(string? text) => text?.Split(' ') ?? [];
}

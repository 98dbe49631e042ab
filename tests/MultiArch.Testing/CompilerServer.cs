using System.Diagnostics;
using System.Globalization;

namespace MultiArch.Testing;

/// <summary>One compiler server for all projects that a test run publishes, since starting a compiler costs more than compiling them. It ends with the run.</summary>
public static class CompilerServer
{
    /// <summary>The server's pipe, which is in its command line too.</summary>
    private static readonly string Pipe = string.Create(CultureInfo.InvariantCulture, $"multiarch-tests-{Environment.ProcessId}");

    /// <summary>What makes a build use it.</summary>
    public static IReadOnlyDictionary<string, string?> Variables { get; } = new Dictionary<string, string?>
    {
        ["UseSharedCompilation"] = "true",
        ["SharedCompilationId"] = Pipe,
    };

    public static void Stop()
    {
        foreach (var process in Process.GetProcesses().Where(IsServer))
        {
            process.Kill();
        }
    }

    private static bool IsServer(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline").Split('\0').Contains($"-pipename:{Pipe}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It has ended meanwhile, or is another user's.
        }
    }
}

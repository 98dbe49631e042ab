using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace MultiArch.Testing;

/// <summary>
/// The build servers of a test run (<see href="https://github.com/dotnet/msbuild/blob/main/documentation/MSBuild-Server.md">MSBuild Server</see>).
/// MSBuild spends more than half of a small project's publish on starting and compiling itself, which a server does once. A server builds one
/// project at a time, so that each test that publishes borrows one for as long as a command runs; they end with the run.
/// </summary>
public sealed class BuildServer : IDisposable
{
    /// <summary>What keeps servers and worker nodes apart from others of this machine; it is in their environment.</summary>
    private const string Salt = "MSBUILDNODEHANDSHAKESALT";

    private static readonly string Prefix = string.Create(CultureInfo.InvariantCulture, $"multiarch-tests-{System.Environment.ProcessId}-");
    private static readonly ConcurrentBag<BuildServer> Idle = [];
    private static int Started;

    private readonly string _name = Prefix + Interlocked.Increment(ref Started);

    private BuildServer()
    {
        Environment = new Dictionary<string, string?>(TestProject.CliEnvironment)
        {
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "1",
            ["MSBUILDDISABLENODEREUSE"] = null, // A server is a node that is used again.
            ["DOTNET_TieredPGO"] = "0", // Measured: 1.3 s of processor time for a publish instead of 3.0 s; without a server 4.5 s.
            [Salt] = _name,
        };
    }

    /// <summary>What makes a build use it.</summary>
    private IReadOnlyDictionary<string, string?> Environment { get; }

    /// <summary>One that builds nothing at the moment; it starts with the first command. Disposing gives it back.</summary>
    private static BuildServer Borrow() => Idle.TryTake(out var server) ? server : new BuildServer();

    public void Dispose() => Idle.Add(this);

    /// <summary>Runs the .NET CLI, and builds on a server.</summary>
    public static async Task<CommandResult> DotnetAsync(string workingDirectory, params IEnumerable<string> arguments)
    {
        using var server = Borrow();
        return await new CommandLine("dotnet", [.. arguments, "--tl:off"])
        {
            WorkingDirectory = workingDirectory,
            Environment = server.Environment,
            Timeout = TimeSpan.FromMinutes(10),
        }.RunAsync();
    }

    /// <summary>Ends all of this run, and their worker nodes.</summary>
    public static void StopAll()
    {
        foreach (var process in Process.GetProcesses().Where(IsOurs))
        {
            process.Kill();
        }
    }

    private static bool IsOurs(Process process)
    {
        try
        {
            return process.Id != System.Environment.ProcessId
                && File.ReadAllText($"/proc/{process.Id}/environ").Split('\0').Any(variable => variable.StartsWith($"{Salt}={Prefix}", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It has ended meanwhile, or is another user's.
        }
    }
}

using System.Diagnostics;
using System.Text;

namespace MultiArch.Testing;

/// <summary>A program and its arguments, run without a shell.</summary>
public sealed class CommandLine(string program, params IEnumerable<string> arguments)
{
    /// <summary>How long to wait, after a program's end, for what its children still write: a build server may hold the pipes for minutes.</summary>
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(5);

    private readonly string[] _arguments = [.. arguments];

    /// <summary>A name on PATH, or an absolute path.</summary>
    public string Program { get; } = program;

    public IReadOnlyList<string> Arguments => _arguments;

    public string? WorkingDirectory { get; init; }

    /// <summary>Added to what is inherited; null takes a variable away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Whether the program sees the variables of the test process; without them it sees <see cref="Environment"/> alone.</summary>
    public bool InheritsEnvironment { get; init; } = true;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Runs the program to its end, whatever its exit code.</summary>
    /// <exception cref="TimeoutException">It took longer than <see cref="Timeout"/>; it and its children are killed, and the message has its output.</exception>
    public async Task<CommandResult> RunAsync(CancellationToken cancellationToken = default)
    {
        await using var running = Start();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            await running.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Not done after {Timeout}: {this}{System.Environment.NewLine}{running.Output}");
        }

        await running.DrainAsync(OutputGrace);
        return new CommandResult(this, running.ExitCode, running.StandardOutput, running.StandardError, running.Output);
    }

    /// <summary>Starts the program and lets it run; disposing kills it.</summary>
    public RunningCommand Start()
    {
        var start = new ProcessStartInfo(Tool.Find(Program) ?? Program, _arguments)
        {
            WorkingDirectory = WorkingDirectory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        if (!InheritsEnvironment)
        {
            start.Environment.Clear();
        }

        foreach (var (name, value) in Environment)
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        return new RunningCommand(Process.Start(start)!); // null only with UseShellExecute
    }

    /// <summary>As one could type it into a shell.</summary>
    public override string ToString() => string.Join(' ', _arguments.Prepend(Program).Select(Quote));

    private static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@+%".Contains(c, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

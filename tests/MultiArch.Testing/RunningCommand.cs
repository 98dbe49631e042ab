using System.Diagnostics;
using System.Text;

namespace MultiArch.Testing;

/// <summary>A program that runs beside the test. It is stopped, with its children, by process id, and never by name.</summary>
public sealed class RunningCommand : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _standardOutput = new();
    private readonly StringBuilder _standardError = new();
    private readonly StringBuilder _output = new();
    private readonly Lock _lock = new();
    private readonly Task _reading;

    internal RunningCommand(Process process)
    {
        _process = process;
        Id = process.Id;
        process.StandardInput.Close();
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _standardOutput), ReadAsync(process.StandardError, _standardError));
    }

    /// <summary>The process id.</summary>
    public int Id { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>128 + N for a program that signal N ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What has been written so far, like the two that follow.</summary>
    public string StandardOutput => Read(_standardOutput);

    public string StandardError => Read(_standardError);

    /// <summary>Both streams, their lines in the order in which they came.</summary>
    public string Output => Read(_output);

    /// <summary>Waits for the program alone, not for children that hold its pipes.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        await _process.WaitForExitAsync();
        await DrainAsync(TimeSpan.FromSeconds(1));
        _process.Dispose();
    }

    /// <summary>Waits until both streams are closed, but not longer than said.</summary>
    internal async Task DrainAsync(TimeSpan grace)
    {
        try
        {
            await _reading.WaitAsync(grace);
        }
        catch (TimeoutException)
        {
            // A child that outlives the program holds them.
        }
    }

    private async Task ReadAsync(StreamReader reader, StringBuilder own)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (_lock)
                {
                    own.AppendLine(line);
                    _output.AppendLine(line);
                }
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or IOException or OperationCanceledException)
        {
            // Disposed while a child of the program still held the pipe.
        }
    }

    private string Read(StringBuilder text)
    {
        lock (_lock)
        {
            return text.ToString();
        }
    }
}

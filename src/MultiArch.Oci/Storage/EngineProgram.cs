using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace MultiArch.Oci.Storage;

/// <summary>The command line of docker or podman, run without a shell and with the caller's environment.</summary>
/// <param name="path">Absolute.</param>
public sealed class EngineProgram(string path)
{
    private const int InputBuffer = 64 * 1024; // as much as a pipe holds on Linux

    public string Path { get; } = path;

    /// <summary>Runs to the end, and fails unless it succeeds.</summary>
    /// <param name="input">Writes what the program reads; null gives it nothing.</param>
    /// <returns>What it wrote to its standard output, trimmed.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.EngineFailed"/> with the program's own words, or <see cref="DiagnosticCodes.NoLocalEngine"/>.</exception>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, Func<Stream, CancellationToken, Task>? input, CancellationToken cancellationToken)
    {
        var result = await TryRunAsync(arguments, input, cancellationToken);
        return result.ExitCode == 0 ? result.Output : throw Failed(arguments, result);
    }

    /// <summary>Runs to the end, whatever that is.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task<EngineResult> TryRunAsync(IReadOnlyList<string> arguments, Func<Stream, CancellationToken, Task>? input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start(arguments);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var refusal = await WriteInputAsync(process, input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            var result = new EngineResult(process.ExitCode, (await output).Trim(), (await error).Trim());
            return refusal is not null && result.ExitCode == 0
                ? throw Failed(arguments, result with { Error = $"it did not read its input to the end ({refusal.Message})" })
                : result;
        }
        catch
        {
            Kill(process);
            throw;
        }
    }

    /// <returns>What went wrong when the program closed its input early: its own words say more.</returns>
    private static async Task<IOException?> WriteInputAsync(Process process, Func<Stream, CancellationToken, Task>? input, CancellationToken cancellationToken)
    {
        try
        {
            // Buffered, so that an archive's last file and its end are one write: a reader that stops at the end does not break the pipe.
            await using var stream = new BufferedStream(process.StandardInput.BaseStream, InputBuffer);
            if (input is not null)
            {
                await input(stream, cancellationToken);
                await stream.FlushAsync(cancellationToken);
            }

            return null;
        }
        catch (IOException e)
        {
            return e;
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended.
        }
    }

    private Process Start(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        try
        {
            return Process.Start(start)!; // null only with UseShellExecute
        }
        catch (Win32Exception e)
        {
            throw new MultiArchException(
                DiagnosticCodes.NoLocalEngine,
                $"'{Path}' cannot be started: {OneLine.Of(e.Message).TrimEnd('.')}. Install podman or docker, or set ContainerRegistry or ContainerArchiveOutputPath.",
                e);
        }
    }

    private MultiArchException Failed(IReadOnlyList<string> arguments, EngineResult result) => new(
        DiagnosticCodes.EngineFailed,
        $"'{Path} {string.Join(' ', arguments)}' failed: {OneLine.Of(result.LastWords).TrimEnd('.')}. Correct that, or set ContainerRegistry or ContainerArchiveOutputPath.");
}

/// <summary>How a run of an engine's command line ended.</summary>
/// <param name="Output">Standard output, trimmed.</param>
/// <param name="Error">Standard error, trimmed.</param>
public sealed record EngineResult(int ExitCode, string Output, string Error)
{
    /// <summary>The last line of the error, or, of an error that goes over several lines, all from the one that says so.</summary>
    public string LastWords
    {
        get
        {
            var lines = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var first = Array.FindLastIndex(lines, line => line.StartsWith("Error", StringComparison.OrdinalIgnoreCase));
            return lines.Length == 0 ? $"exit code {ExitCode}" : string.Join(' ', lines[(first >= 0 ? first : ^1)..]);
        }
    }
}

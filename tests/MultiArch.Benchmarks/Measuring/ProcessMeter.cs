using System.Diagnostics;
using System.Text.Json;
using MultiArch.Testing;

namespace MultiArch.Benchmarks.Measuring;

/// <summary>Runs a command in a process of its own that adopts and waits for every descendant, and tells what they used together.</summary>
/// <remarks>
/// The kernel adds up what a process and its waited-for children used. A build server that detaches itself would escape that: the meter
/// is a subreaper, so it becomes the meter's child, is ended after the command, and counts. What runs elsewhere, such as a registry, does not.
/// </remarks>
public static class ProcessMeter
{
    public const string Verb = "measure-process";

    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <exception cref="InvalidOperationException">The command failed; the message has its output.</exception>
    public static async Task<Measurement> MeasureAsync(MeasuredCommand command)
    {
        using var folder = new TempDirectory();
        var request = folder.Write("command.json", JsonSerializer.Serialize(command));
        var self = Self.Command(Verb, request);
        var meter = new ToolCommand(self[0], self.Skip(1)) { Timeout = Limit };
        var result = await meter.RunAsync();
        return result.ExitCode == 0
            ? JsonSerializer.Deserialize<Measurement>(result.StandardOutput)!
            : throw new InvalidOperationException($"Failed: {string.Join(' ', command.Arguments)}\n{result.Output}");
    }

    /// <summary>The other side of <see cref="MeasureAsync"/>: this process is the meter.</summary>
    public static int Run(string request)
    {
        NativeMethods.BecomeSubreaper();
        var command = JsonSerializer.Deserialize<MeasuredCommand>(File.ReadAllBytes(request))!;
        var output = request + ".output";
        var start = new ProcessStartInfo("/bin/sh", ["-c", """exec "$@" > "$0" 2>&1""", output, .. command.Arguments]) { WorkingDirectory = command.WorkingDirectory };
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        var load = MachineTime.LoadAverage();
        var before = MachineTime.Read();
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!; // null only with UseShellExecute
        var peakOfAll = 0L;
        while (!process.WaitForExit(SampleInterval))
        {
            peakOfAll = Math.Max(peakOfAll, ProcessTree.ResidentSetOfDescendants(Environment.ProcessId));
        }

        var wall = clock.Elapsed.TotalSeconds;
        EndWhatOutlives();
        var after = MachineTime.Read();
        var (user, system, peak, written) = NativeMethods.UsageOfChildren();
        if (process.ExitCode != 0)
        {
            Console.Error.WriteLine($"exit code {process.ExitCode}\n{File.ReadAllText(output)}");
            return 1;
        }

        var others = Math.Max(0, after.Busy - before.Busy - user - system);
        Console.WriteLine(JsonSerializer.Serialize(
            new Measurement(wall, user, system, peak, Math.Max(peak, peakOfAll), written, after.Steal - before.Steal, others, load)));
        return 0;
    }

    private static void EndWhatOutlives()
    {
        const int terminate = 15;
        const int kill = 9;
        while (ProcessTree.Children(Environment.ProcessId) is { Count: > 0 } children)
        {
            foreach (var child in children)
            {
                NativeMethods.Kill(child, terminate);
                var patience = Stopwatch.StartNew();
                while (patience.Elapsed < TimeSpan.FromSeconds(2) && File.Exists($"/proc/{child}/exe") && !IsZombie(child))
                {
                    Thread.Sleep(5);
                }

                NativeMethods.Kill(child, kill);
                NativeMethods.Wait(child);
            }
        }
    }

    private static bool IsZombie(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2] == 'Z';
        }
        catch (IOException)
        {
            return true;
        }
    }
}

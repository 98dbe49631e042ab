using System.Diagnostics;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Layers;

/// <summary>Runs a program that a test has required, with input and output as bytes.</summary>
internal static class Shell
{
    public static (int ExitCode, byte[] Output, string Error) Run(string tool, IEnumerable<string> arguments, byte[]? input = null)
    {
        var start = new ProcessStartInfo(Tool.Find(tool)!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TZ"] = "UTC", ["LC_ALL"] = "C.UTF-8" },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var feeding = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input ?? []);
            process.StandardInput.Close();
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        feeding.Wait();
        return (process.ExitCode, output.ToArray(), error.Result);
    }

    /// <summary>The program's output as text; fails the test with its error output if it fails.</summary>
    public static string Text(string tool, IEnumerable<string> arguments, byte[]? input = null)
    {
        var (exitCode, output, error) = Run(tool, arguments, input);
        Assert.AreEqual(0, exitCode, $"{tool}: {error}");
        return System.Text.Encoding.UTF8.GetString(output);
    }
}

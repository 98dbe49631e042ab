namespace MultiArch.Benchmarks.Measuring;

/// <summary>A program to start and measure, with all processes that it starts.</summary>
/// <param name="Arguments">The program's name, or path, is the first.</param>
/// <param name="Environment">Added to what is inherited; null takes a variable away.</param>
public sealed record MeasuredCommand(IReadOnlyList<string> Arguments, string WorkingDirectory, IReadOnlyDictionary<string, string?> Environment)
{
    /// <summary>A bash script that ends at its first failure.</summary>
    public static MeasuredCommand Script(string script, string workingDirectory, IReadOnlyDictionary<string, string?> environment) =>
        new(["bash", "-euo", "pipefail", "-c", script], workingDirectory, environment);
}

using MultiArch.Testing;

namespace MultiArch.Benchmarks.Results;

/// <summary>The committed figures: a file for each case, replaced as soon as the case is done.</summary>
public static class ResultFolder
{
    public static string Path { get; } = System.IO.Path.Combine(RepositoryFolder.Path, "tests", "MultiArch.Benchmarks", "results");

    public static void Write(CaseResult result)
    {
        Directory.CreateDirectory(Path);
        File.WriteAllText(System.IO.Path.Combine(Path, $"{result.Case}.json"), result.ToJson());
    }

    /// <summary>By name of the case.</summary>
    public static IReadOnlyDictionary<string, CaseResult> Read() =>
        Directory.EnumerateFiles(Path, "*.json")
            .Where(file => !System.IO.Path.GetFileName(file).StartsWith("micro", StringComparison.Ordinal))
            .Select(file => CaseResult.Parse(File.ReadAllText(file)))
            .ToDictionary(result => result.Case);
}

using MultiArch.Testing;

namespace MultiArch.Benchmarks.Results;

/// <summary>Where figures are kept: a file for each case, replaced as soon as the case is done.</summary>
/// <param name="path">Absolute.</param>
public sealed class ResultFolder(string path)
{
    /// <summary>Those that the page is made of.</summary>
    public static ResultFolder Committed { get; } = new(System.IO.Path.Combine(RepositoryFolder.Path, "tests", "MultiArch.Benchmarks", "results"));

    /// <summary>Those of a quick run, to look at.</summary>
    public static ResultFolder Quick { get; } = new(System.IO.Path.Combine(RepositoryFolder.Artifacts, "benchmarks", "results"));

    public string Path { get; } = path;

    public string this[string file] => System.IO.Path.Combine(Path, file);

    public void Write(string file, string content)
    {
        Directory.CreateDirectory(Path);
        File.WriteAllText(this[file], content);
    }

    public void Write(CaseResult result) => Write($"{result.Case}.json", result.ToJson());

    /// <summary>By name of the case; in the order of the names of the files.</summary>
    public IReadOnlyDictionary<string, CaseResult> Read() =>
        (Directory.Exists(Path) ? Directory.GetFiles(Path, "*.json") : [])
            .Order(StringComparer.Ordinal)
            .Where(file => System.IO.Path.GetFileName(file) != Micro.MicroResult.FileName)
            .Select(file => CaseResult.Parse(File.ReadAllText(file)))
            .ToDictionary(result => result.Case);
}

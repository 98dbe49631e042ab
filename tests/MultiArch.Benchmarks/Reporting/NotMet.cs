using System.Text.RegularExpressions;
using MultiArch.Benchmarks.Results;

namespace MultiArch.Benchmarks.Reporting;

/// <summary>results/not-met.md, written by hand: why a goal was not reached. A section for each, named by the goal's id.</summary>
public static partial class NotMet
{
    /// <summary>By id of the goal.</summary>
    public static IReadOnlyDictionary<string, string> Read()
    {
        var file = ResultFolder.Committed["not-met.md"];
        return File.Exists(file)
            ? Section().Matches(File.ReadAllText(file).ReplaceLineEndings("\n")).ToDictionary(match => match.Groups["id"].Value, match => match.Groups["text"].Value.Trim())
            : new Dictionary<string, string>();
    }

    [GeneratedRegex(@"^## (?<id>[a-z0-9-]+)\n(?<text>.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();
}

using MultiArch.Benchmarks.Measuring;
using MultiArch.Benchmarks.Results;

namespace MultiArch.Benchmarks.Reporting;

/// <summary>All contenders of a case side by side: medians, with the least and the most.</summary>
internal static class CaseTable
{
    public static string Format(CaseResult result)
    {
        var facts = result.Runs.SelectMany(run => run.Facts.Keys).Distinct().ToList();
        var isScaled = result.Runs.Any(run => run.Scale > 0);
        var header = $"| |{(isScaled ? " how much |" : "")} wall, s | CPU, s | peak, MB | peak of all, MB | written, MB |{string.Concat(facts.Select(fact => $" {Title(fact)} |"))} n |";
        var rule = "| --- |" + string.Concat(Enumerable.Repeat(" --- |", header.Count(c => c == '|') - 2));
        var rows = result.Runs
            .GroupBy(run => (run.Scale, run.Contender))
            .OrderBy(group => group.Key.Scale)
            .ThenBy(group => Order(group.Key.Contender))
            .Select(group => Row(group.Key.Contender, isScaled ? group.Key.Scale : null, [.. group], facts));
        return string.Join('\n', rows.Prepend(rule).Prepend(header));
    }

    /// <summary>Ours first, then in the order of their names.</summary>
    private static (int, string) Order(string contender) => (contender.StartsWith(Cases.ContenderNames.Ours, StringComparison.Ordinal) ? 0 : 1, contender);

    private static string Row(string contender, int? scale, IReadOnlyList<RunResult> runs, IReadOnlyList<string> facts)
    {
        string Range(Func<Measurement, double> figure, Func<double, string> format)
        {
            var values = runs.Select(run => figure(run.Cost)).ToList();
            var median = format(Statistics.Median(values));
            return values.Count == 1 ? median : $"{median} ({format(values.Min())}–{format(values.Max())})";
        }

        string Fact(string fact)
        {
            var values = runs.Where(run => run.Facts.ContainsKey(fact)).Select(run => (double)run.Facts[fact]).ToList();
            return values.Count == 0 ? "" : Figures.Invariant($"{Statistics.Median(values):N0}");
        }

        return $"| {contender.Replace("|", "\\|", StringComparison.Ordinal)} |{(scale is { } s ? Figures.Invariant($" {s:N0} |") : "")} "
            + $"{Range(cost => cost.Wall, Figures.Seconds)} | {Range(cost => cost.Cpu, Figures.Seconds)} | "
            + $"{Figures.Megabytes(Statistics.Median(runs.Select(run => (double)run.Cost.Peak)))} | {Figures.Megabytes(Statistics.Median(runs.Select(run => (double)run.Cost.PeakOfAll)))} | "
            + $"{Figures.Megabytes(Statistics.Median(runs.Select(run => (double)run.Cost.Written)))} |{string.Concat(facts.Select(fact => $" {Fact(fact)} |"))} {runs.Count} |";
    }

    private static string Title(string fact) => fact switch
    {
        "requests" => "HTTP requests",
        "sentBytes" => "bytes sent",
        "layerBytes" => "bytes of its layers",
        "newLayerBytes" => "of these, new",
        "filesWritten" => "files written",
        _ => fact,
    };
}

using MultiArch.Benchmarks.Measuring;
using MultiArch.Benchmarks.Results;

namespace MultiArch.Benchmarks.Reporting;

/// <summary>Reads figures out of a case's runs.</summary>
public static class CaseFigures
{
    public static IEnumerable<RunResult> Of(this CaseResult result, string contender, int scale = 0)
    {
        var runs = result.Runs.Where(run => run.Contender == contender && (scale == 0 || run.Scale == scale)).ToList();
        return runs.Count > 0 ? runs : throw new MissingFigureException($"{result.Case} has no run of '{contender}'");
    }

    public static double Median(this CaseResult result, string contender, Func<Measurement, double> figure, int scale = 0) =>
        Statistics.Median(result.Of(contender, scale).Select(run => figure(run.Cost)));

    public static double Ratio(this CaseResult result, string ours, string theirs, Func<Measurement, double> figure) =>
        result.Median(ours, figure) / result.Median(theirs, figure);

    /// <summary>The median of something that was counted.</summary>
    public static double Fact(this CaseResult result, string contender, string fact) =>
        Statistics.Median(result.Of(contender).Select(run =>
            run.Facts.TryGetValue(fact, out var value) ? value : throw new MissingFigureException($"{result.Case} has no '{fact}' of '{contender}'")).Select(value => (double)value));

    public static double Slope(this CaseResult result, string contender, Func<Measurement, double> figure) =>
        Statistics.Slope(result.Of(contender).Select(run => ((double)run.Scale, figure(run.Cost))));
}

/// <summary>A figure that no run has made.</summary>
public sealed class MissingFigureException(string message) : Exception(message);

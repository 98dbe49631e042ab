using MultiArch.Benchmarks.Results;

namespace MultiArch.Benchmarks.Reporting;

/// <summary>One thing that the figures shall show.</summary>
/// <param name="Id">Names its reason in not-met.md.</param>
/// <param name="Work">The row that it belongs to.</param>
/// <param name="Wanted">In words, with the limit.</param>
/// <param name="Unit">How the figure is shown.</param>
/// <param name="Measure">The figure, of all cases by name.</param>
/// <param name="AtLeast">Whether the limit is the least that it may be, and not the most.</param>
public sealed record Goal(
    string Id,
    string Work,
    string Wanted,
    Unit Unit,
    double Limit,
    Func<IReadOnlyDictionary<string, CaseResult>, double> Measure,
    bool AtLeast = false);

/// <param name="Figure">Null when no run has made it.</param>
public sealed record Outcome(Goal Goal, double? Figure)
{
    public bool? IsMet => Figure is { } figure ? (Goal.AtLeast ? figure >= Goal.Limit : figure <= Goal.Limit) : null;
}

public enum Unit
{
    /// <summary>One by another.</summary>
    Ratio,

    /// <summary>Of a hundred.</summary>
    Percent,

    /// <summary>How many.</summary>
    Count,

    /// <summary>Millions of bytes.</summary>
    Megabytes,
}

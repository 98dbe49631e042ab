namespace MultiArch.Benchmarks.Reporting;

/// <summary>The goals with what was measured, as Markdown, which a terminal shows well enough.</summary>
internal static class GoalTable
{
    public static string Format(IReadOnlyList<Outcome> outcomes)
    {
        var rows = outcomes.Select((outcome, i) =>
        {
            var work = i > 0 && outcomes[i - 1].Goal.Work == outcome.Goal.Work ? "" : outcome.Goal.Work;
            var (figure, met) = outcome switch
            {
                { Figure: null } => ("not measured", ""),
                { Figure: { } value, IsMet: true } => (Figures.Format(value, outcome.Goal.Unit), "yes"),
                { Figure: { } value } => (Figures.Format(value, outcome.Goal.Unit), "**no**"),
            };
            return $"| {work} | {outcome.Goal.Wanted} | {figure} | {met} |";
        });
        return string.Join('\n', rows.Prepend("| --- | --- | --- | --- |").Prepend("| work | goal | measured | met |"));
    }
}

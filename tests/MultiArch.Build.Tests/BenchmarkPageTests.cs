using MultiArch.Benchmarks.Measuring;
using MultiArch.Benchmarks.Micro;
using MultiArch.Benchmarks.Reporting;
using MultiArch.Benchmarks.Results;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>docs/benchmarks.md says what was measured, all of it, and nothing else.</summary>
[TestClass]
public sealed class BenchmarkPageTests
{
    [TestMethod]
    public void The_page_and_its_chart_are_made_of_the_committed_results()
    {
        var results = ResultFolder.Committed.Read();

        const string command = "Run `dotnet run -c Release --project tests/MultiArch.Benchmarks -- report`.";
        Assert.AreEqual(BenchmarkPage.Format(results, NotMet.Read(), MicroResult.Read(ResultFolder.Committed)), Read("docs/benchmarks.md"), command);
        Assert.AreEqual(BenchmarkPage.FormatChart(results), Read("docs/benchmarks.svg"), command);
    }

    [TestMethod]
    public void Every_goal_has_a_row_whether_it_is_met_or_not()
    {
        var rows = Read("docs/benchmarks.md").Split('\n').Where(line => line.StartsWith('|')).ToList();

        Assert.IsNotEmpty(Goals.All);
        foreach (var goal in Goals.All)
        {
            Assert.HasCount(1, rows.Where(row => row.Contains($"| {goal.Wanted} |", StringComparison.Ordinal)).ToList(), goal.Id);
        }
    }

    [TestMethod]
    public void Every_goal_that_is_not_met_has_a_reason_and_every_reason_a_goal()
    {
        var reasons = NotMet.Read();
        var missed = Goals.Evaluate(ResultFolder.Committed.Read()).Where(outcome => outcome.IsMet == false).Select(outcome => outcome.Goal.Id);

        Assert.AreEqual("", string.Join(' ', missed.Except(reasons.Keys)), "Write the reasons into results/not-met.md.");
        Assert.AreEqual("", string.Join(' ', reasons.Keys.Except(Goals.All.Select(goal => goal.Id))), "No goal has this name.");
    }

    [TestMethod]
    public void A_result_that_was_written_is_read_again_and_names_no_machine()
    {
        var result = Result(("MultiArch.Build", 0, 1.5), (".NET SDK", 0, 4));

        Assert.AreEqual(result.ToJson(), CaseResult.Parse(result.ToJson()).ToJson());
        foreach (var file in Directory.Exists(ResultFolder.Committed.Path) ? Directory.GetFiles(ResultFolder.Committed.Path, "*.json") : [])
        {
            Assert.DoesNotContain(Environment.MachineName + "\"", File.ReadAllText(file), file);
            Assert.DoesNotContain(RepositoryFolder.Path, File.ReadAllText(file), file);
        }
    }

    [TestMethod]
    [DataRow(new[] { 3.0, 1.0, 100.0 }, 3.0)]
    [DataRow(new[] { 4.0, 1.0, 100.0, 2.0 }, 3.0)]
    [DataRow(new[] { 7.0 }, 7.0)]
    public void The_median_is_the_middle_of_what_was_measured(double[] values, double median) => Assert.AreEqual(median, Statistics.Median(values));

    [TestMethod]
    public void Nothing_has_no_median() => Assert.ThrowsExactly<ArgumentException>(() => Statistics.Median([]));

    [TestMethod]
    public void A_ratio_is_that_of_the_medians()
    {
        var result = Result(("MultiArch.Build", 0, 1), ("MultiArch.Build", 0, 2), ("MultiArch.Build", 0, 90), (".NET SDK", 0, 8), (".NET SDK", 0, 3), (".NET SDK", 0, 9));

        Assert.AreEqual(0.25, result.Ratio("MultiArch.Build", ".NET SDK", cost => cost.Wall));
    }

    [TestMethod]
    public void One_more_costs_the_slope_through_the_medians()
    {
        var result = Result(("x", 1, 5), ("x", 2, 7), ("x", 3, 9), ("x", 3, 9), ("x", 3, 900), ("x", 4, 11));

        Assert.AreEqual(2, result.Slope("x", cost => cost.Wall), 1e-9);
    }

    [TestMethod]
    public void A_goal_is_met_at_its_limit_and_not_beyond_and_not_without_a_figure()
    {
        var atMost = new Goal("", "", "", Unit.Ratio, 0.5, _ => 0);
        var atLeast = atMost with { AtLeast = true };

        Assert.IsTrue(new Outcome(atMost, 0.5).IsMet);
        Assert.IsFalse(new Outcome(atMost, 0.51).IsMet);
        Assert.IsTrue(new Outcome(atLeast, 0.5).IsMet);
        Assert.IsFalse(new Outcome(atLeast, 0.49).IsMet);
        Assert.IsNull(new Outcome(atMost, null).IsMet);
    }

    [TestMethod]
    public void What_was_not_measured_is_said_to_be_so()
    {
        var outcomes = Goals.Evaluate(new Dictionary<string, CaseResult> { ["clean-publish"] = Result((".NET SDK", 0, 4)) });

        Assert.IsTrue(outcomes.All(outcome => outcome.IsMet is null));
        Assert.HasCount(Goals.All.Count, outcomes);
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(RepositoryFolder.Path, page));

    private static CaseResult Result(params (string Contender, int Scale, double Wall)[] runs) => new(
        "case",
        "2020-01-02",
        new Machine("processor", 2, 1, "system", "ext4", new Dictionary<string, string>()),
        [.. runs.Select((run, i) => new RunResult(run.Contender, i, run.Scale, new Measurement(run.Wall, 1, 1, 1, 1, 1, 0, 0, 0), new Dictionary<string, long>()))]);
}

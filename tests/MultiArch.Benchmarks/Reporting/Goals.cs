using MultiArch.Benchmarks.Results;
using static MultiArch.Benchmarks.Cases.ContenderNames;

namespace MultiArch.Benchmarks.Reporting;

/// <summary>What this project wants to show. The limits were set before the code was written.</summary>
public static class Goals
{
    public const string Clean = "clean publish and push, two platforms, framework-dependent";
    public const string Unchanged = "nothing changed";
    public const string OneLine = "one-line change, self-contained, two platforms";
    public const string Further = "each further platform";
    public const string Cold = "cold runner, previous image in the registry";
    public const string Prepared = "pack and push two prepared folders";
    public const string Base = "base copied between two registries";
    public const string Memory = "memory";

    public static IReadOnlyList<Goal> All { get; } =
    [
        new("clean-wall", Clean, "at most 0.5 × the SDK's time", Unit.Ratio, 0.5, results => results["clean-publish"].Ratio(Ours, Sdk, cost => cost.Wall)),

        new("unchanged-wall", Unchanged, "at most 0.4 × the SDK's time", Unit.Ratio, 0.4, results => results["unchanged-publish"].Ratio(Ours, Sdk, cost => cost.Wall)),
        new("unchanged-build", Unchanged, "at most 2 × the time of a `dotnet build` that does nothing", Unit.Ratio, 2, results => results["unchanged-publish"].Ratio(Ours, NoOpBuild, cost => cost.Wall)),
        new("unchanged-requests", Unchanged, "at most 6 HTTP requests", Unit.Count, 6, results => results["unchanged-publish"].Fact(Ours, "requests")),
        new("unchanged-files", Unchanged, "no file of ours written", Unit.Count, 0, results => results["unchanged-publish"].Fact(Ours, "filesWritten")),

        new("one-line-bytes", OneLine, "at most 0.2 % of the app's layers sent", Unit.Percent, 0.002, results => SentShare(results["one-line-change"])),

        new("further-wall", Further, "at most 0.25 × what one more costs the SDK", Unit.Ratio, 0.25, results => results["more-platforms"].Slope(Ours, cost => cost.Wall) / results["more-platforms"].Slope(Sdk, cost => cost.Wall)),

        new("cold-bytes", Cold, "only what changed is sent: at most 0.2 % of the app's layers", Unit.Percent, 0.002, results => SentShare(results["cold-runner"])),

        new("prepared-buildah-wall", Prepared, "at most 0.5 × buildah's time", Unit.Ratio, 0.5, results => results["prepared-folders"].Ratio(Ours, Buildah, cost => cost.Wall)),
        new("prepared-buildah-cpu", Prepared, "at most 0.4 × buildah's CPU", Unit.Ratio, 0.4, results => results["prepared-folders"].Ratio(Ours, Buildah, cost => cost.Cpu)),
        new("prepared-pigz-cpu", Prepared, "at most 0.5 × the CPU of tar, `pigz -6` and curl", Unit.Ratio, 0.5, results => results["prepared-folders"].Ratio(Ours, Pigz, cost => cost.Cpu)),
        new("prepared-pigz-wall", Prepared, "at most 0.7 × their time", Unit.Ratio, 0.7, results => results["prepared-folders"].Ratio(Ours, Pigz, cost => cost.Wall)),
        new("prepared-size", Prepared, "at most 1.07 × their size, at the default level", Unit.Ratio, 1.07, results => SizeRatio(results["prepared-folders"], Ours)),
        new("prepared-zstd-size", Prepared, "no larger with zstd", Unit.Ratio, 1, results => SizeRatio(results["prepared-folders"], OursZstd)),
        new("prepared-cores", Prepared, "at least 1.6 CPU seconds a second", Unit.Ratio, 1.6, results => results["prepared-folders"].Median(Ours, cost => cost.Cpu / cost.Wall), AtLeast: true),

        new("base-wall", Base, "at most 0.9 × the time of `skopeo copy`", Unit.Ratio, 0.9, results => results["base-copy"].Ratio(Ours, Skopeo, cost => cost.Wall)),
        new("base-files", Base, "no temporary file: less than 1 MB written to disk", Unit.Megabytes, 1, results => results["base-copy"].Median(Ours, cost => cost.Written / 1e6)),

        new("memory-publisher", Memory, "at most 120 MB to publish a layer of 2 GB", Unit.Megabytes, 120, results => results["layer-size"].Of(Ours, scale: 2000).Max(run => run.Cost.Peak / 1e6)),
        new("memory-publish", Memory, "`dotnet publish` at most 80 MB above a plain one, framework-dependent", Unit.Megabytes, 80, results => AbovePlain(results["clean-publish"])),
        new("memory-self-contained", Memory, "the same, self-contained", Unit.Megabytes, 80, results => AbovePlain(results["clean-self-contained-publish"])),
    ];

    public static IReadOnlyList<Outcome> Evaluate(IReadOnlyDictionary<string, CaseResult> results) =>
        [.. All.Select(goal =>
        {
            try
            {
                return new Outcome(goal, goal.Measure(results));
            }
            catch (Exception e) when (e is KeyNotFoundException or MissingFigureException)
            {
                return new Outcome(goal, null);
            }
        })];

    private static double SentShare(CaseResult result) => result.Fact(Ours, "sentBytes") / result.Fact(Ours, "layerBytes");

    private static double SizeRatio(CaseResult result, string contender) => result.Fact(contender, "layerBytes") / result.Fact(Pigz, "layerBytes");

    private static double AbovePlain(CaseResult result) => (result.Median(Ours, cost => cost.Peak) - result.Median(PlainPublish, cost => cost.Peak)) / 1e6;
}

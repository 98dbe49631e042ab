namespace MultiArch.Benchmarks.Cases;

internal static class AllCases
{
    public static IReadOnlyList<BenchmarkCase> Create() =>
    [
        new CleanPublish(),
        new CleanSelfContainedPublish(),
        new UnchangedPublish(),
        new OneLineChange(),
        new ColdRunner(),
        new MorePlatforms(),
        new PreparedFolders(),
        new BaseCopy(),
        new LayerSize(),
        new LayerFiles(),
    ];
}

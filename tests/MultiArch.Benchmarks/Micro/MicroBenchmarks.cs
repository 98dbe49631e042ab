using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MultiArch.Benchmarks.Reporting;
using MultiArch.Benchmarks.Results;
using MultiArch.Testing;

namespace MultiArch.Benchmarks.Micro;

/// <summary>The parts of packing, by BenchmarkDotNet.</summary>
internal static class MicroBenchmarks
{
    public static int Run()
    {
        // In this process: a benchmark's own build would be one more project beside the solution's.
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(BenchmarkDotNet.Columns.DefaultColumnProviders.Instance)
            .WithArtifactsPath(Path.Combine(RepositoryFolder.Artifacts, "benchmarks"));
        var summary = BenchmarkRunner.Run<PackingBenchmarks>(config);
        if (summary.HasCriticalValidationErrors || summary.Reports.Any(report => report.ResultStatistics is null))
        {
            return 1;
        }

        MicroResult.Write(ResultFolder.Committed, [.. summary.Reports.Select(report =>
        {
            var method = report.BenchmarkCase.Descriptor.WorkloadMethod;
            var statistics = report.ResultStatistics!;
            return new MicroResult(
                report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''),
                PackingBenchmarks.BytesOf(method.Name),
                statistics.Mean,
                statistics.StandardDeviation,
                report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0,
                PackingBenchmarks.HeadersOf(method.Name));
        })]);
        BenchmarkPage.WriteCommitted();
        return 0;
    }
}

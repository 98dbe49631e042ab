using System.Diagnostics;
using System.Globalization;
using MultiArch.Benchmarks;
using MultiArch.Benchmarks.Cases;
using MultiArch.Benchmarks.Measuring;
using MultiArch.Benchmarks.Micro;
using MultiArch.Benchmarks.Reporting;
using MultiArch.Benchmarks.Results;
using MultiArch.Testing;

return args switch
{
    [ProcessMeter.Verb, var request] => ProcessMeter.Run(request),
    [PublisherRunner.Verb, var request] => await PublisherRunner.RunAsync(request),
    ["report"] => Report(),
    ["micro"] => MicroBenchmarks.Run(),
    _ when Options.Parse(args) is { } options => await MeasureAsync(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine($"""
        dotnet run -c Release --project tests/MultiArch.Benchmarks [-- <arguments>]

          (none)              measures all cases, writes results/<case>.json after each, then the page
          --only <case>,…     some cases alone: {string.Join(", ", AllCases.Create().Select(benchmark => benchmark.Name))}
          --quick             one run of each, to see that all works; results and page go to artifacts/benchmarks
          micro               the parts by themselves, with BenchmarkDotNet
          report              makes docs/benchmarks.md and docs/benchmarks.svg of the results
        """);
    return 2;
}

static int Report()
{
    BenchmarkPage.WriteCommitted();
    return 0;
}

static async Task<int> MeasureAsync(Options options)
{
    var missing = new[] { "dotnet", "docker-registry", "skopeo", "buildah", "tar", "pigz", "curl", "jq", "zstd", "mmdebstrap" }.Where(tool => Tool.Find(tool) is null).ToList();
    if (missing.Count > 0)
    {
        Console.Error.WriteLine($"Missing: {string.Join(", ", missing)}. tests/install-tools.sh installs most; the others are Debian packages of these names.");
        return 1;
    }

    var cases = AllCases.Create().Where(benchmark => options.Only.Count == 0 || options.Only.Contains(benchmark.Name)).ToList();
    if (cases.Count == 0)
    {
        return Usage();
    }

    var machine = await Machine.DescribeAsync();
    var clock = Stopwatch.StartNew();
    using var workspace = new Workspace();
    var folder = options.Quick ? ResultFolder.Quick : ResultFolder.Committed;
    var failed = new List<string>();
    foreach (var benchmark in cases)
    {
        Console.WriteLine($"{benchmark.Name} ({clock.Elapsed:mm\\:ss})");
        try
        {
            var runs = await benchmark.RunAsync(workspace, options.Quick ? 1 : benchmark.Runs);
            var result = new CaseResult(benchmark.Name, DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), machine, runs);
            folder.Write(result);
            Console.WriteLine(CaseTable.Format(result));
        }
        catch (Exception e) when (e is InvalidOperationException or HttpRequestException or IOException or TimeoutException or UnitTestAssertException)
        {
            failed.Add(benchmark.Name);
            Console.Error.WriteLine($"  {benchmark.Name} has no figures: {e.Message}");
        }
    }

    BenchmarkPage.Write(folder, options.Quick ? Path.GetDirectoryName(folder.Path)! : Path.Combine(RepositoryFolder.Path, "docs"));
    Console.WriteLine(GoalTable.Format(Goals.Evaluate(folder.Read())));

    Console.WriteLine($"{cases.Count - failed.Count} of {cases.Count} cases in {clock.Elapsed:mm\\:ss}{(failed.Count > 0 ? $"; failed: {string.Join(", ", failed)}" : "")}");
    return failed.Count > 0 ? 1 : 0;
}

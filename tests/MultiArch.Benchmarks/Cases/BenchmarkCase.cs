using MultiArch.Benchmarks.Measuring;
using MultiArch.Benchmarks.Registries;
using MultiArch.Benchmarks.Results;
using MultiArch.Testing;

namespace MultiArch.Benchmarks.Cases;

/// <summary>One piece of work that several contenders do in alternating runs.</summary>
/// <param name="name">Also the name of its file of results.</param>
/// <param name="runs">Of each contender.</param>
public abstract class BenchmarkCase(string name, int runs)
{
    public string Name { get; } = name;

    public int Runs { get; } = runs;

    /// <summary>How much of the work, where the case shows how cost grows.</summary>
    public virtual IReadOnlyList<int> Scales { get; } = [0];

    /// <summary>Each contender keeps one repository of one registry over all runs. Else each run has a registry of its own, which holds the bases and nothing else.</summary>
    protected virtual bool KeepsRegistry => false;

    /// <summary>Whether the registry of a run holds the bases.</summary>
    protected virtual bool HasBases => true;

    /// <summary>Goes through a proxy that counts bytes, the same for all.</summary>
    protected virtual bool CountsBytes => false;

    /// <summary>Builds what all runs need.</summary>
    protected abstract Task<IReadOnlyList<Contender>> CreateContendersAsync(Workspace workspace);

    /// <exception cref="InvalidOperationException">A contender failed, or its result is not right: the case has no figures then.</exception>
    public async Task<IReadOnlyList<RunResult>> RunAsync(Workspace workspace, int runs)
    {
        var contenders = await CreateContendersAsync(workspace);
        using var kept = KeepsRegistry ? await StartRegistryAsync(workspace) : null;
        var results = new List<RunResult>();
        for (var number = 1; number <= runs; number++)
        {
            foreach (var scale in Scales)
            {
                // Another one begins each time: what the first finds cold or the last finds busy is nobody's all the time.
                foreach (var contender in contenders.Skip(number % contenders.Count).Concat(contenders.Take(number % contenders.Count)))
                {
                    results.Add(await RunAsync(workspace, contender, number, scale, kept));
                }
            }
        }

        return results;
    }

    private async Task<RunResult> RunAsync(Workspace workspace, Contender contender, int number, int scale, BenchmarkRegistry? kept)
    {
        using var fresh = kept is null ? await StartRegistryAsync(workspace) : null;
        using var folder = new TempDirectory();
        var registry = kept ?? fresh!;
        var repository = new string([.. contender.Name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)]);
        var run = new Run(number, scale, registry, CountsBytes ? registry.CountedName : registry.LocalName, repository, folder.Path);
        await contender.Prepare(run);
        // What earlier runs wrote would else reach the disk during this one.
        (await new ToolCommand("sync").RunAsync()).ShouldSucceed();
        await registry.SettleAsync();
        var (requests, sent) = (registry.Requests, registry.Sent);
        var cost = await ProcessMeter.MeasureAsync(contender.Command(run));
        await registry.SettleAsync();
        run.Facts["requests"] = registry.Requests - requests;
        if (CountsBytes)
        {
            run.Facts["sentBytes"] = registry.Sent - sent;
        }

        await contender.Verify(run);
        var facts = string.Join("  ", run.Facts.Select(fact => $"{fact.Key} {fact.Value:N0}"));
        Console.WriteLine(
            $"  {number} {(scale == 0 ? "" : $"×{scale} ")}{contender.Name,-24} wall {cost.Wall,7:F2} s  cpu {cost.Cpu,7:F2} s  peak {cost.Peak / 1e6,4:F0} MB  load {cost.Load,5:F1}  {facts}");
        return new RunResult(contender.Name, number, scale, cost, run.Facts);
    }

    private Task<BenchmarkRegistry> StartRegistryAsync(Workspace workspace) => HasBases ? workspace.StartRegistryAsync() : BenchmarkRegistry.StartAsync();
}

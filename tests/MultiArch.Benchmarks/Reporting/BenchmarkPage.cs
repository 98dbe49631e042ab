using System.Text;
using MultiArch.Benchmarks.Micro;
using MultiArch.Benchmarks.Results;
using MultiArch.Testing;

namespace MultiArch.Benchmarks.Reporting;

/// <summary>docs/benchmarks.md and its chart, made of the results and of nothing else.</summary>
public static class BenchmarkPage
{
    private static readonly (string Case, string Title, string Text)[] Sections =
    [
        ("clean-publish", "Clean publish", "Nothing is built, packages are restored. `dotnet publish` is the same app, published for no platform and without an image."),
        ("clean-self-contained-publish", "Clean publish, self-contained", "`dotnet publish` is for one platform here, the other two for both."),
        ("unchanged-publish", "Nothing changed", "`dotnet build` is one that finds nothing to do. Of the files, those that the .NET SDK writes at each publish do not count (`web.config`, `PublishOutputs.*.txt`)."),
        ("one-line-change", "One line changed", "A constant in the self-contained app's code. All goes through a proxy that counts bytes, headers included."),
        ("cold-runner", "Cold runner", "The same, on a machine without `obj` and `bin`, as every CI runner: what the image consists of is known from the registry alone."),
        ("more-platforms", "One to four platforms", "linux-x64, linux-arm64, linux-arm, linux-s390x, in this order; framework-dependent and without an executable (`UseAppHost=false`), since no packs are needed for that. “How much” is the number of platforms. What one more costs is the slope through the medians."),
        ("prepared-folders", "Pack and push", "Two published self-contained folders, on a base that the registry holds; no MSBuild. buildah has the base unpacked already, in overlay storage, and does from, copy, commit for each, then manifest push. The pipeline hashes, mounts the base and writes manifests, as it must, and sends one platform while it packs the next."),
        ("base-copy", "Base to another registry", "Two platforms."),
        ("layer-size", "Larger layers", "“How much” is MB in one layer of one platform."),
        ("layer-files", "More files", "“How much” is the number of files, of 2 KB each, in one layer of one platform."),
    ];

    /// <summary>Makes the page of the committed results.</summary>
    public static void WriteCommitted() => Write(ResultFolder.Committed, Path.Combine(RepositoryFolder.Path, "docs"));

    internal static void Write(ResultFolder folder, string docs)
    {
        var results = folder.Read();
        File.WriteAllText(Path.Combine(docs, "benchmarks.md"), Format(results, NotMet.Read(), MicroResult.Read(folder)));
        File.WriteAllText(Path.Combine(docs, "benchmarks.svg"), FormatChart(results));
    }

    public static string FormatChart(IReadOnlyDictionary<string, CaseResult> results) => BenchmarkChart.Format(Peer.All(results));

    /// <param name="reasons">See <see cref="NotMet"/>.</param>
    public static string Format(IReadOnlyDictionary<string, CaseResult> results, IReadOnlyDictionary<string, string> reasons, IReadOnlyList<MicroResult> micro)
    {
        var outcomes = Goals.Evaluate(results);
        var page = new StringBuilder();
        page.Append($"""
            # Benchmarks

            <!-- Made by `dotnet run -c Release --project tests/MultiArch.Benchmarks -- report`. Edit the program, or results/not-met.md, not this page. -->

            What a publish costs, beside every peer that does the same work. Whole processes, in alternating runs on one machine; all figures are medians.

            ![Time and CPU of MultiArch.Build as a share of each peer's](benchmarks.svg)

            ## Goals

            {GoalTable.Format(outcomes)}

            """);
        AppendReasons(page, outcomes, reasons);
        AppendMethod(page, results);
        foreach (var (name, title, text) in Sections.Where(section => results.ContainsKey(section.Case)))
        {
            page.Append($"\n## {title}\n\n{text}\n\n{CaseTable.Format(results[name])}\n");
        }

        AppendMicro(page, micro);
        return page.ToString();
    }

    private static void AppendReasons(StringBuilder page, IReadOnlyList<Outcome> outcomes, IReadOnlyDictionary<string, string> reasons)
    {
        var missed = outcomes.Where(outcome => outcome.IsMet == false).ToList();
        if (missed.Count > 0)
        {
            page.Append("\n### Not met, and why\n");
        }

        foreach (var outcome in missed)
        {
            page.Append($"\n**{Sentence(outcome.Goal.Work)}: {outcome.Goal.Wanted}** (measured: {Figures.Format(outcome.Figure!.Value, outcome.Goal.Unit)}).\n");
            page.Append(reasons.TryGetValue(outcome.Goal.Id, out var reason) ? reason : "The reason is not known yet.").Append('\n');
        }
    }

    private static void AppendMethod(StringBuilder page, IReadOnlyDictionary<string, CaseResult> results)
    {
        page.Append("""

            ## How it is measured

            ```sh
            dotnet run -c Release --project tests/MultiArch.Benchmarks              # all of it, about 15 minutes on two cores
            dotnet run -c Release --project tests/MultiArch.Benchmarks -- --help    # parts of it
            ```

            On Debian, `tests/install-tools.sh` and `apt-get install pigz jq zstd` bring the tools. The machine should have nothing else to do: look at the loads below.

            * **The same for all.** One app: a web app, a library that it refers to, and a NuGet package with native assets. All projects are alike but for the reference to this package, which is packed and used from a feed as a user has it.
              The contenders take turns, and another one begins each time. Registry and base are a docker-registry on loopback, which keeps nothing from one run to the next unless the case is about that.
            * **Restored, and nothing else.** For a clean publish `bin`, `obj/Release` and `obj/multiarch/Release` are removed, of the library too; what is restored stays, as `dotnet restore` left it and, for our package, as an earlier publish left it for each platform. On the cold runner, which has only what `dotnet restore` leaves, that restore is part of the measured publish.
            * **No server is left over.** MSBuild nodes are not used again, MSBuild's server is off, and each run starts a compiler server of its own, which ends after the run and counts.
            * **Time** is from the start of the command to its end.
            * **CPU** is user and system time of the command and all its descendants, by the kernel's own account (`getrusage`). The meter is a subreaper, so that a server that detaches itself is counted too. The registry is not.
            * **Peak** is the largest resident set that one of the processes had; “peak of all” is the largest sum of all of them at one time, looked at every 50 ms. Memory that processes share counts in each.
            * **Written** is what became dirty pages of a disk.
            * **Every result is checked.** The index must have its platforms, every layer must be there, and the image must stand on its base; the packed folders are unpacked once and compared with the configs' diffIDs. A run that fails this ends the case without figures.

            | | machine | file system | load before a run | CPU of others, of what there was | stolen |
            | --- | --- | --- | --- | --- | --- |

            """);
        foreach (var result in results.Values.OrderBy(result => Array.FindIndex(Sections, section => section.Case == result.Case)))
        {
            var machine = result.Machine;
            var load = Statistics.Median(result.Runs.Select(run => run.Cost.Load));
            var others = Statistics.Median(result.Runs.Select(run => run.Cost.Others / (run.Cost.Wall * machine.Cores)));
            var stolen = Statistics.Median(result.Runs.Select(run => run.Cost.Steal / (run.Cost.Wall * machine.Cores)));
            page.Append(Figures.Invariant(
                $"| {result.Case}, {result.Recorded} | {machine.Processor}, {machine.Cores} cores, {machine.Memory / 1e9:F0} GB | {machine.FileSystem} | {load:F1} | {others * 100:F0} % | {stolen * 100:F0} % |\n"));
        }

        foreach (var machine in results.Values.Select(result => $"{result.Machine.System}. {string.Join(", ", result.Machine.Tools.Select(tool => $"{tool.Key} {tool.Value}"))}.").Distinct())
        {
            page.Append($"\n{machine}\n");
        }

        page.Append("\nEvery run is in [tests/MultiArch.Benchmarks/results](../tests/MultiArch.Benchmarks/results).\n");
    }

    private static void AppendMicro(StringBuilder page, IReadOnlyList<MicroResult> micro)
    {
        if (micro.Count == 0)
        {
            return;
        }

        page.Append("\n## The parts by themselves\n\nBenchmarkDotNet, in one process (`-- micro`). MB/s are of what goes in.\n\n| part | mean | ± | MB/s | allocated |\n| --- | --- | --- | --- | --- |\n");
        foreach (var part in micro)
        {
            var seconds = part.Mean / 1e9;
            var rate = part switch
            {
                { Bytes: > 0 } => Figures.Invariant($"{part.Bytes / 1e6 / seconds:F0}"),
                { Headers: > 0 } => Figures.Invariant($"{part.Headers / seconds:N0} headers/s"),
                _ => "",
            };
            page.Append(Figures.Invariant($"| {part.Name} | {Duration(part.Mean)} | {Duration(part.Deviation)} | {rate} | {part.Allocated / 1e3:N0} kB |\n"));
        }
    }

    private static string Duration(double nanoseconds) => nanoseconds switch
    {
        >= 1e9 => Figures.Invariant($"{nanoseconds / 1e9:F2} s"),
        >= 1e6 => Figures.Invariant($"{nanoseconds / 1e6:F2} ms"),
        _ => Figures.Invariant($"{nanoseconds / 1e3:F2} µs"),
    };

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}

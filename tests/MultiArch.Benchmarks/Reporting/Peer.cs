using MultiArch.Benchmarks.Measuring;
using MultiArch.Benchmarks.Results;
using static MultiArch.Benchmarks.Cases.ContenderNames;

namespace MultiArch.Benchmarks.Reporting;

/// <summary>A comparison that the chart shows: what the work costs us, as a share of what it costs a peer.</summary>
/// <param name="Goal">At most so much of the peer's time; null without a goal.</param>
internal sealed record Peer(string Work, string Name, double Wall, double Cpu, double? Goal)
{
    /// <summary>Those that the results have figures for, in the order of the goals.</summary>
    public static IReadOnlyList<Peer> All(IReadOnlyDictionary<string, CaseResult> results)
    {
        var peers = new List<Peer>();
        Add("clean publish", "clean-publish", Sdk, "clean-wall");
        Add("clean publish, self-contained", "clean-self-contained-publish", Sdk, goal: null);
        Add("nothing changed", "unchanged-publish", Sdk, "unchanged-wall");
        Add("one line changed", "one-line-change", Sdk, goal: null);
        Add("cold runner", "cold-runner", Sdk, goal: null);
        if (results.TryGetValue("more-platforms", out var platforms))
        {
            double Slope(Func<Measurement, double> figure) => platforms.Slope(Ours, figure) / platforms.Slope(Sdk, figure);
            peers.Add(new Peer("each further platform", Sdk, Slope(cost => cost.Wall), Slope(cost => cost.Cpu), Limit("further-wall")));
        }

        Add("pack and push", "prepared-folders", Buildah, "prepared-buildah-wall");
        Add("pack and push", "prepared-folders", Pigz, "prepared-pigz-wall");
        Add("base to another registry", "base-copy", Skopeo, "base-wall");
        return peers;

        void Add(string work, string name, string peer, string? goal)
        {
            if (results.TryGetValue(name, out var result))
            {
                peers.Add(new Peer(work, peer, result.Ratio(Ours, peer, cost => cost.Wall), result.Ratio(Ours, peer, cost => cost.Cpu), goal is null ? null : Limit(goal)));
            }
        }

        double Limit(string goal) => Goals.All.Single(candidate => candidate.Id == goal).Limit;
    }
}

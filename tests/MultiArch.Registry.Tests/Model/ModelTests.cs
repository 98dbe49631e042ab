using System.Collections.Concurrent;
using System.Globalization;
using MultiArch.Testing.InMemory;

namespace MultiArch.Registry.Tests.Model;

/// <summary>
/// Publishes against random faults. Whatever happens, a tag names what is whole, the bytes are those of the digests, no credential leaves its
/// origin, it ends, and what it says is true.
/// </summary>
[TestClass]
public sealed class ModelTests(TestContext context)
{
    private const int DefaultRuns = 1_000;

    private static readonly FaultKind[] GoesAway =
    [
        FaultKind.ResetBeforeBody, FaultKind.ResetInBody, FaultKind.LostAnswer, FaultKind.TruncatedAnswer, FaultKind.Stall, FaultKind.StallAfterwards, FaultKind.InternalError,
        FaultKind.InternalErrorAfterwards, FaultKind.BadGateway, FaultKind.Unavailable, FaultKind.TooManyRequests, FaultKind.DuplicateAnswer, FaultKind.Replayed,
    ];

    [TestMethod, Timeout(60 * 60_000, CooperativeCancellation = true)]
    public async Task No_fault_makes_a_publish_break_a_promise()
    {
        var first = Setting("MULTIARCH_MODEL_SEED", 0);
        var runs = Setting("MULTIARCH_MODEL_RUNS", DefaultRuns);
        using var image = new ModelImage();
        var outcomes = new ConcurrentBag<ModelOutcome>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = 2 * Environment.ProcessorCount, CancellationToken = context.CancellationToken };

        await Parallel.ForEachAsync(Enumerable.Range(first, runs), options, async (seed, token) =>
            outcomes.Add(await ModelRun.RunAsync(Scenario.Of(seed), image, token)));

        var table = new FaultTable(outcomes);
        context.WriteLine(table.ToString());
        context.WriteLine("Publishes that one fault ended, with no other:\n" + string.Join('\n', outcomes
            .Where(outcome => outcome.Failure is not null && outcome.Calls.Count(call => call.Fault is not null) == 1)
            .OrderBy(outcome => outcome.Scenario.Seed)
            .Select(outcome => $"{outcome.Scenario.Seed} {outcome.Scenario.Scheme} {Faults(outcome)}: {outcome.Failure}")));
        context.WriteLine($"{outcomes.Count(outcome => outcome.Failure is null)} of {outcomes.Count} publishes ended well.");
        var broken = outcomes.Where(outcome => outcome.Violations.Count > 0).OrderBy(outcome => outcome.Scenario.Seed).ToList();
        Assert.IsEmpty(broken, $"{broken.Count} of {outcomes.Count} publishes broke a promise.\n{string.Join('\n', broken.Take(5).Select(Describe))}");
        var ended = outcomes.Where(outcome => outcome.Failure is not null && outcome.Calls.Count(call => call.Fault is not null) == 1
            && outcome.Calls.Any(call => call.Fault is { } fault && GoesAway.Contains(fault))).ToList();
        Assert.IsEmpty(ended, $"What goes away by itself ends no publish.\n{string.Join('\n', ended.Take(5).Select(Describe))}");
        if (first == 0 && runs >= Scenario.Covering)
        {
            Assert.IsEmpty(table.Missing(Scenario.Asked), "Each fault meets each kind of request.");
        }
    }

    [TestMethod, Timeout(60_000, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "43")]
    public async Task A_mount_that_is_confirmed_and_never_made_is_followed_by_an_upload()
    {
        using var image = new ModelImage();
        var scenario = new Scenario(0) { Base = BasePlace.SameRegistry, Certain = (RequestKind.Mount, 0, FaultKind.Forgotten, true) };

        var outcome = await ModelRun.RunAsync(scenario, image, context.CancellationToken);

        Assert.IsNull(outcome.Failure);
        Assert.IsEmpty(outcome.Violations);
    }

    private static int Setting(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    private static string Faults(ModelOutcome outcome) =>
        string.Join(", ", outcome.Calls.Where(call => call.Fault is not null).Select(call => $"{call.Fault} at {call.Call.Kind} {call.Call.Subject}"));

    /// <summary>What happened, and how to see it again.</summary>
    private static string Describe(ModelOutcome outcome) => $"""

        {outcome.Scenario}
        {string.Join('\n', outcome.Violations)}
        The publish said: {outcome.Failure ?? "success"}
        It met: {Faults(outcome)}
        Again: MULTIARCH_MODEL_SEED={outcome.Scenario.Seed} MULTIARCH_MODEL_RUNS=1 dotnet test --project tests/MultiArch.Registry.Tests --filter ClassName~ModelTests
        """;
}

using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;
using MultiArch.Registry.Tests.Model;
using MultiArch.Testing.InMemory;

namespace MultiArch.Registry.Tests.Races;

/// <summary>Two processes that move one tag, in every order of the requests that touch it. docs/ci.md says what this shows, and which window is left.</summary>
[TestClass]
public sealed class TagRaceTests
{
    private const int Timeout = 300_000;
    private const int Seeds = 150;

    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task Of_two_combines_in_every_order_none_ends_green_without_its_index_at_the_tag()
    {
        var outcomes = await RunEveryAsync(firstAppends: false, secondAppends: false);

        // Whoever looks last is never told that somebody was later.
        Assert.IsTrue(outcomes.All(outcome => outcome.First || outcome.Second));
        Assert.Contains((true, false, false), outcomes);
        Assert.Contains((false, true, false), outcomes);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task Of_two_appends_in_every_order_none_ends_green_without_its_platforms_at_the_tag()
    {
        var outcomes = await RunEveryAsync(firstAppends: true, secondAppends: true);

        Assert.IsTrue(outcomes.All(outcome => outcome is { First: true, Second: true }), "One round more is enough for two.");
        Assert.Contains((true, true, true), outcomes);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public Task Of_a_combine_and_an_append_in_every_order_none_ends_green_without_its_platforms_at_the_tag() => RunEveryAsync(firstAppends: false, secondAppends: true);

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(false, false)]
    [DataRow(true, true)]
    [DataRow(true, false)]
    public async Task In_orders_by_chance_of_all_requests_the_same_holds(bool firstAppends, bool secondAppends)
    {
        var broken = new List<string>();
        for (var seed = 1; seed <= Seeds; seed++)
        {
            using var race = await TagRace.RunAsync(new SeededSchedule(seed), onlyTheTag: false, firstAppends, secondAppends, isTagged: seed % 2 == 0, Token);
            broken.AddRange(race.Violations.Select(violation => $"seed {seed}: {violation} {race.Course}"));
        }

        Assert.AreEqual("", string.Join('\n', broken));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(false, "ended green when the tag did not have its platforms", DisplayName = "a combine that believes its own move")]
    [DataRow(true, "lost its platforms outside the window", DisplayName = "an append that does not look before it moves")]
    public async Task One_that_does_not_look_again_is_caught(bool appends, string violation)
    {
        var (schedule, broken) = (new EverySchedule(), new HashSet<string>());
        while (schedule.Next() && !broken.Any(found => found.Contains(violation, StringComparison.Ordinal)))
        {
            using var race = await TagRace.RunAsync(schedule, onlyTheTag: true, appends, appends, isTagged: true, Token, store => new Blind(store));
            broken.UnionWith(race.Violations.Append(LossOutsideTheWindow(race)).OfType<string>());
        }

        Assert.Contains(found => found.Contains(violation, StringComparison.Ordinal), broken);
    }

    /// <returns>Who ended green, and whether the tag has the platforms of both at the end.</returns>
    private async Task<HashSet<(bool First, bool Second, bool HasBoth)>> RunEveryAsync(bool firstAppends, bool secondAppends)
    {
        var (schedule, outcomes, broken, runs) = (new EverySchedule(), new HashSet<(bool, bool, bool)>(), new List<string>(), 0);
        while (schedule.Next())
        {
            runs++;
            using var race = await TagRace.RunAsync(schedule, onlyTheTag: true, firstAppends, secondAppends, isTagged: true, Token);
            broken.AddRange(race.Violations.Append(LossOutsideTheWindow(race)).OfType<string>().Select(violation => $"{violation} {race.Course}"));
            outcomes.Add((race.Racers[0].IsGreen, race.Racers[1].IsGreen, race.Racers.All(racer => race.IsTaggedNow(racer.Image))));
        }

        TestContext.WriteLine($"{runs} orders");
        Assert.AreEqual("", string.Join('\n', broken.Take(20)), $"{broken.Count} of {runs} orders");
        return outcomes;
    }

    /// <summary>An append that ended green loses its platforms only if another looked at the tag before it was moved, and moves it after its last look.</summary>
    private static string? LossOutsideTheWindow(TagRace race)
    {
        foreach (var racer in race.Racers.Where(racer => racer.IsGreen && !race.IsTaggedNow(racer.Image)))
        {
            var other = race.Racers.Single(one => one != racer);
            var lastLook = race.Order.FindLastIndex(step => step.Racer == racer);
            var move = race.Order.FindLastIndex(step => step.Racer == racer && step.Kind is RequestKind.PutTag);
            var overwrite = race.Order.FindLastIndex(step => step.Racer == other && step.Kind is RequestKind.PutTag);
            var otherLook = race.Order.FindLastIndex(overwrite - 1, step => step.Racer == other);
            if (overwrite < lastLook || (other.Append && otherLook > move))
            {
                return $"The {racer.Name} lost its platforms outside the window.";
            }
        }

        return null;
    }

    /// <summary>Moves tags without a look, and takes what it has sent for what is there.</summary>
    private sealed class Blind(IImageStore right) : WrongStore(right)
    {
        private Digest? _moved;

        public override async Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
        {
            await base.TagAsync(manifest, tags, cancellationToken);
            _moved = manifest.Digest;
        }

        public override async Task<Digest?> FindDigestAsync(string tag, CancellationToken cancellationToken) => _moved ?? await base.FindDigestAsync(tag, cancellationToken);

        public override async Task<Digest?> ReplaceTagAsync(Document manifest, string tag, Digest? expected, CancellationToken cancellationToken)
        {
            await TagAsync(manifest, [tag], cancellationToken);
            return manifest.Digest;
        }
    }
}

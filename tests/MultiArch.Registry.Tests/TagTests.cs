using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>Tags that move, that cannot be moved, and what is said of those in between.</summary>
[TestClass]
public sealed class TagTests(TestContext context) : ScriptedTest(context)
{
    private const string Manifests = "/v2/app/manifests/";

    private static readonly Digest Old = Digest.Of("old"u8);

    private readonly Document _manifest = TestImage.Manifest();

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "54")]
    public async Task A_tag_that_fails_after_others_have_moved_is_told_with_what_every_tag_names()
    {
        Names("latest", Old);
        Names("1.0", Old);
        Registry.On("HEAD", Manifests + "1", new Reply(404));
        Registry.On("PUT", Manifests + "latest", new Reply(201));
        Names("latest", _manifest.Digest);
        Registry.On("PUT", Manifests + "1.0", Refusal(409));
        Names("1.0", Old);

        await RegistryAssert.FailsAsync(
            () => Client.TagAsync(_manifest, ["latest", "1.0", "1"], CancellationToken),
            DiagnosticCodes.TagsMovedInPart,
            "TAG_INVALID: tag is immutable",
            $"these name {_manifest.Digest}: latest (before: {Old});",
            $"these do not: 1.0 ({Old}), 1 (no such tag).",
            "Publish again");
        Assert.IsFalse(Registry.Lines.Contains($"PUT {Manifests}1"));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "54")]
    public async Task A_registry_that_goes_away_between_two_tags_leaves_it_said_what_is_known()
    {
        Names("a", Old);
        Names("b", Old);
        Registry.On("PUT", Manifests + "a", new Reply(201));
        Names("a", _manifest.Digest);
        Registry.On("PUT", Manifests + "b", new Reply(500));
        Registry.On("HEAD", Manifests + "b", new Reply(500));

        await RegistryAssert.FailsAsync(
            () => Client.TagAsync(_manifest, ["a", "b"], CancellationToken), DiagnosticCodes.TagsMovedInPart, $"a (before: {Old});", $"these may name {_manifest.Digest}: b.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(409)]
    [DataRow(412)]
    [DataRow(400)]
    [TestProperty("Catalogue", "53")]
    public async Task A_tag_that_cannot_be_moved_to_another_digest_is_a_failure_and_no_tag_moves(int status)
    {
        Names("1.0", Old);
        Registry.On("PUT", Manifests + "1.0", Refusal(status));
        Names("1.0", Old);

        await RegistryAssert.FailsAsync(
            () => Connect(Patient).TagAsync(_manifest, ["1.0"], CancellationToken), DiagnosticCodes.RegistryRefused, "tag app as 1.0", "choose a new tag", "No tag has moved.");
        Assert.HasCount(3, Registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "53")]
    public async Task A_tag_that_somebody_else_has_put_there_meanwhile_is_as_good()
    {
        Registry.On("HEAD", Manifests, new Reply(404));
        Registry.On("PUT", Manifests, Refusal(409));
        Names("1.0", _manifest.Digest);

        await Connect(Patient).TagAsync(_manifest, ["1.0"], CancellationToken);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "6")]
    public async Task A_tag_that_is_replaced_and_whose_answer_was_lost_is_not_replaced_again_over_what_somebody_else_made_of_it()
    {
        var others = Digest.Of("others"u8);
        Names("1.0", Old);
        Registry.On("PUT", Manifests, new Reply(201) { Fault = Fault.Lost });
        Names("1.0", others);

        Assert.AreEqual(others, await Connect(Patient).ReplaceTagAsync(_manifest, "1.0", Old, CancellationToken));

        Assert.HasCount(1, Registry.Requests.Where(request => request.Method == "PUT").ToList());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_tag_that_names_something_else_than_expected_is_not_replaced()
    {
        Names("1.0", Old);

        Assert.AreEqual(Old, await Client.ReplaceTagAsync(_manifest, "1.0", expected: null, CancellationToken));

        Assert.HasCount(1, Registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "6")]
    public async Task A_tag_whose_answer_was_lost_has_moved()
    {
        Names("1.0", Old);
        Registry.On("PUT", Manifests, new Reply(201) { Fault = Fault.Lost });
        Names("1.0", _manifest.Digest);

        await Connect(Patient).TagAsync(_manifest, ["1.0"], CancellationToken);

        Assert.HasCount(3, Registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "6")]
    public async Task A_tag_of_which_nothing_is_known_after_a_failure_is_told_to_be_unknown()
    {
        Names("1.0", Old);
        Registry.On("PUT", Manifests, new Reply(201) { Fault = Fault.Lost });
        Registry.On("HEAD", Manifests, new Reply(500));

        await RegistryAssert.FailsAsync(
            () => Client.TagAsync(_manifest, ["1.0"], CancellationToken), DiagnosticCodes.RegistryBroke, "Whether 1.0 has moved is not known");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "55")]
    public async Task A_publish_that_is_cancelled_between_two_tags_says_which_have_moved()
    {
        Names("a", Old);
        Names("b", Old);
        Registry.On("PUT", Manifests + "a", new Reply(201));
        Names("a", _manifest.Digest);
        Registry.On("PUT", Manifests + "b", new Reply(201) { Fault = Fault.Stall });
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);

        var tags = Connect(Patient).TagAsync(_manifest, ["a", "b"], cancellation.Token);
        await Registry.Stalled.WaitAsync(CancellationToken);
        await cancellation.CancelAsync();

        await RegistryAssert.FailsAsync(() => tags, DiagnosticCodes.TagsMovedInPart, "cancelled", $"a (before: {Old});", $"these may name {_manifest.Digest}: b.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(201, Fault.Lost)]
    [DataRow(500, Fault.None)]
    [DataRow(504, Fault.None)]
    [DataRow(408, Fault.None)]
    [TestProperty("Catalogue", "6")]
    public async Task A_tag_that_is_refused_after_an_answer_was_lost_may_have_moved(int status, Fault fault)
    {
        Names("1.0", Old);
        Registry.On("PUT", Manifests, new Reply(status) { Fault = fault });
        Names("1.0", Old); // It does not see at once what it has done.
        Registry.On("PUT", Manifests, Refusal(409));
        Registry.On("HEAD", Manifests, new Reply(503));

        var failure = await RegistryAssert.FailsAsync(
            () => Connect(Patient).TagAsync(_manifest, ["1.0"], CancellationToken), DiagnosticCodes.RegistryRefused, "409", "Whether 1.0 has moved is not known");
        Assert.DoesNotContain("No tag has moved", failure.Message);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "14")]
    public async Task A_tag_that_was_taken_before_the_registry_fell_silent_for_hours_may_have_moved()
    {
        Names("1.0", Old);
        Registry.On("PUT", Manifests, new Reply(201));
        Registry.On("HEAD", Manifests, new Reply(429) { Headers = { ["Retry-After"] = "21600" } }, times: 2);

        var failure = await RegistryAssert.FailsAsync(
            () => Connect(Patient).TagAsync(_manifest, ["1.0"], CancellationToken), DiagnosticCodes.RegistryFailed, "Whether 1.0 has moved is not known");
        Assert.DoesNotContain("No tag has moved", failure.Message);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "23")]
    public async Task A_tag_under_which_the_registry_stored_something_else_is_told_with_what_it_names()
    {
        var other = Digest.Of("other"u8);
        Names("1.0", Old);
        Registry.On("PUT", Manifests, new Reply(201) { Headers = { ["Docker-Content-Digest"] = other.ToString() } });
        Names("1.0", other);

        await RegistryAssert.FailsAsync(
            () => Client.TagAsync(_manifest, ["1.0"], CancellationToken),
            DiagnosticCodes.RegistryContentMismatch,
            $"Now 1.0 names {other}; no other tag has moved.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "55")]
    public async Task A_publish_that_is_cancelled_while_its_first_tag_moves_says_that_it_may_have_moved()
    {
        Names("1.0", Old);
        Registry.On("PUT", Manifests, new Reply(201) { Fault = Fault.Stall });
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);

        var tags = Connect(Patient).TagAsync(_manifest, ["1.0"], cancellation.Token);
        await Registry.Stalled.WaitAsync(CancellationToken);
        await cancellation.CancelAsync();

        await RegistryAssert.FailsAsync(() => tags, DiagnosticCodes.TagsMovedInPart, "cancelled", $"these may name {_manifest.Digest}: 1.0.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "55")]
    public async Task A_publish_that_is_cancelled_before_its_first_tag_moves_ends_as_cancelled()
    {
        Registry.On("HEAD", Manifests, new Reply(404) { Fault = Fault.Stall });
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);

        var tags = Connect(Patient).TagAsync(_manifest, ["1.0"], cancellation.Token);
        await Registry.Stalled.WaitAsync(CancellationToken);
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => tags);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_tag_that_was_taken_and_has_not_moved_is_set_again()
    {
        Names("1.0", Old);
        Registry.On("PUT", Manifests, new Reply(201), times: 2);
        Names("1.0", Old);
        Names("1.0", Old);
        Names("1.0", _manifest.Digest);

        await Connect(Patient).TagAsync(_manifest, ["1.0"], CancellationToken);

        Assert.HasCount(2, Registry.Lines.Where(line => line.StartsWith("PUT ", StringComparison.Ordinal)));
    }

    private static Reply Refusal(int status) => new(status, """{"errors":[{"code":"TAG_INVALID","message":"tag is immutable"}]}""");

    private void Names(string tag, Digest digest) =>
        Registry.On("HEAD", Manifests + tag, new Reply(200) { Headers = { ["Docker-Content-Digest"] = digest.ToString() } });
}

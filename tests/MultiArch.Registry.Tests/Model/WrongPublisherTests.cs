using MultiArch.Oci.Storage;
using MultiArch.Testing;
using MultiArch.Testing.InMemory;

namespace MultiArch.Registry.Tests.Model;

/// <summary>The model finds what is wrong in publishers that were made wrong: a test that finds nothing there would prove nothing elsewhere.</summary>
[TestClass]
public sealed class WrongPublisherTests(TestContext context) : IDisposable
{
    private const int Timeout = 120_000;

    private readonly ModelImage _image = new();

    private static readonly Scenario Lenient = new(0) { RefusesDangling = false };

    public void Dispose() => _image.Dispose();

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public Task One_that_tags_before_the_index_is_whole() =>
        IsCaughtAsync(Lenient, (store, _) => new TagsFirst(store), "of which these were not there");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(FaultKind.ResetInBody)]
    [DataRow(FaultKind.InternalError)]
    public Task One_that_takes_a_failed_upload_for_done(FaultKind fault) =>
        IsCaughtAsync(Meets(RequestKind.PutBlob, fault, forEver: true), (store, _) => new AssumesArrival(store), "of which these were not there");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(RequestKind.PutBlob)]
    [DataRow(RequestKind.PutManifest)]
    public Task One_that_believes_a_201_and_does_not_read_back(RequestKind request) =>
        IsCaughtAsync(Meets(request, FaultKind.Forgotten), (store, _) => new Believer(store), "of which these were not there");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(FaultKind.LostAnswer)]
    [DataRow(FaultKind.StallAfterwards)]
    [DataRow(FaultKind.InternalErrorAfterwards)]
    public Task One_that_takes_a_lost_answer_for_a_failure_without_another_look(FaultKind fault) =>
        // The second tag: the first one's 201 arrived.
        IsCaughtAsync(Meets(RequestKind.PutTag, fault, at: 1), (store, run) => new LooksOnce(store, run.Target.Origin), "as one more look would have shown");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public Task One_that_reports_success_when_a_tag_was_refused() =>
        IsCaughtAsync(Meets(RequestKind.PutTag, FaultKind.Forbidden), (store, _) => new SaysAllIsWell(store), "it reported success");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("No tag has moved.")]
    [DataRow("Whether second-tag has moved is not known, and no other tag has.")]
    [DataRow("Now second-tag names nothing; no other tag has moved.")]
    [DataRow("Of the tags of r/app, these name sha256:1: first-tag (new), second-tag (new). Publish again to move the rest.")]
    [DataRow("Of the tags of r/app, these name sha256:1: second-tag (new); these do not: first-tag (no such tag). Publish again to move the rest.")]
    [DataRow("Publish again.")]
    public Task One_that_says_of_tags_what_is_not_so(string claim) =>
        IsCaughtAsync(Meets(RequestKind.PutTag, FaultKind.Forbidden, at: 1, forEver: true), (store, _) => new Claims(store, claim), "it said of ");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("These may have moved: first-tag, second-tag.")]
    [DataRow("Of the tags of r/app, these may name sha256:1: first-tag, second-tag. Publish again to move the rest.")]
    public Task One_that_says_that_a_tag_may_have_moved_which_it_has_not_come_to(string claim) =>
        IsCaughtAsync(Meets(RequestKind.PutTag, FaultKind.Forbidden, forEver: true), (store, _) => new Claims(store, claim), "it said of ");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(BlobWrite.Reused)]
    [DataRow(BlobWrite.Mounted)]
    public Task One_that_counts_what_it_sent_as_something_else(BlobWrite write) =>
        IsCaughtAsync(Lenient, (store, _) => new Miscounts(store, write), $"was reported as {write}");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public Task One_that_counts_what_was_mounted_as_sent() =>
        IsCaughtAsync(Lenient with { Base = BasePlace.SameRegistry }, (store, _) => new Miscounts(store, BlobWrite.Uploaded), "was reported as Uploaded");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public Task One_that_tells_as_stored_what_is_not_there() => IsCaughtAsync(
        Meets(RequestKind.PutBlob, FaultKind.InternalError, forEver: true) with { RefusesDangling = true }, (store, _) => new AssumesArrival(store), "was told as stored");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(RequestKind.PutBlob)]
    [DataRow(RequestKind.PutManifest)]
    [DataRow(RequestKind.PutTag)]
    public Task One_that_tries_again_what_is_tried_again(RequestKind request) =>
        IsCaughtAsync(Meets(request, FaultKind.InternalError, forEver: true), (store, _) => new RetriesRetries(store), "where each may be tried");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public Task One_that_leaves_uploads_open() =>
        IsCaughtAsync(Lenient, (store, run) => new LeavesUploadsOpen(store, run.Target.Origin), "uploads open");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public Task One_that_never_gives_up() =>
        IsCaughtAsync(Meets(RequestKind.PutTag, FaultKind.NotAllowed, forEver: true), (store, _) => new NeverEnds(store), "requests, and");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public Task One_that_shows_its_password_elsewhere() => IsCaughtAsync(
        Lenient with { Scheme = LoginScheme.Basic },
        (store, run) => new ShowsItsPassword(store, run.Target.StorageOrigin, new Login("pusher", "pusher-secret-7f1d").Basic),
        "a secret of");

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public void A_blob_with_other_bytes_than_its_digest_says()
    {
        var content = new RegistryContent();
        var old = ModelImage.WriteOld(content);
        Assert.IsEmpty(content.FindMissing(ModelImage.Repository, old));
        var layer = TestBlob.Of("old layer linux/amd64").Descriptor.Digest.ToString();

        content.SpoilBlob(ModelImage.Repository, layer);

        CollectionAssert.AreEqual(new[] { layer }, content.FindMissing(ModelImage.Repository, old).ToArray());
    }

    /// <summary>And the right one is not: the same faults break no promise of it.</summary>
    private async Task IsCaughtAsync(Scenario scenario, Func<IImageStore, ModelRun, IImageStore> spoil, string violation)
    {
        var wrong = await ModelRun.RunAsync(scenario, _image, context.CancellationToken, spoil);
        Assert.IsTrue(
            wrong.Violations.Any(found => found.Contains(violation, StringComparison.Ordinal)),
            $"Not caught. It said: {wrong.Failure ?? "success"}\n{string.Join('\n', wrong.Violations)}");

        var right = await ModelRun.RunAsync(scenario, _image, context.CancellationToken);
        Assert.IsEmpty(right.Violations, $"It said: {right.Failure ?? "success"}\n{string.Join('\n', right.Violations)}");
    }

    private static Scenario Meets(RequestKind request, FaultKind fault, int at = 0, bool forEver = false) =>
        Lenient with { Certain = (request, at, fault, forEver) };
}

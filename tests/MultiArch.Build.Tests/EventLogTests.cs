using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Inspection;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Verification;

namespace MultiArch.Build.Tests;

/// <summary>How what happens during a publish reads in the log.</summary>
[TestClass]
public sealed class EventLogTests
{
    private readonly RecordingBuild _build = new();

    [TestMethod]
    public void A_long_push_says_how_far_it_is()
    {
        Report(new PublishEvent.Transferring(31_500_000, 120_400_000, 12_100_000.7));

        Assert.AreEqual(": Transferred 31.5 MB of 120.4 MB (26 %), 12.1 MB/s", _build.Messages.Single());
    }

    [TestMethod]
    public void A_cache_that_cannot_be_used_or_lies_is_a_warning_and_one_that_is_not_there_a_message()
    {
        Report(new PublishEvent.CacheUnreadable("r.io/cache:main", "r.io refused the connection. Start the registry."));
        Report(new PublishEvent.CacheLies("r.io/cache:main", Digest.Of([1]), Digest.Of([2])));
        Report(new PublishEvent.CacheMissing(ImageReference.Parse("r.io/cache:main")));

        Assert.AreEqual("MARCH4020: MultiArchCacheFrom 'r.io/cache:main' cannot be used, and what it may hold is packed instead: r.io refused the connection. Start the registry.", _build.Warnings[0]);
        Assert.StartsWith($"MARCH4021: MultiArchCacheFrom 'r.io/cache:main' says that the blob {Digest.Of([1])} is the layer {Digest.Of([2])}, and it is another one.", _build.Warnings[1]);
        Assert.StartsWith("MARCH4020: MultiArchCacheFrom 'r.io/cache:main' does not exist", _build.Messages.Single());
    }

    [TestMethod]
    public void Files_that_do_not_fit_are_errors_or_warnings_by_their_own_code()
    {
        var fault = new PlatformFault("/app/lib\nx.so", FaultKind.ForeignMachine, true, "ELF for x86-64", "ELF for AArch64", [new("docker", "it broke")]);

        Report(new PublishEvent.FaultsFound(new FaultGroup("linux-arm64", [fault]), IsError: true));
        Report(new PublishEvent.FaultsFound(new FaultGroup("linux-arm64", [fault with { Kind = FaultKind.LibraryMissing, IsCertain = false }]), IsError: false));
        Report(new PublishEvent.BasesNotVerified(["linux-x64", "linux-arm64"]));
        Report(new PublishEvent.Verified(312, 2, TimeSpan.FromMilliseconds(41)));

        Assert.StartsWith("MARCH3020: linux-arm64: '/app/lib x.so': found ELF for x86-64, expected ELF for AArch64. Used, it says: \"it broke\" (docker). Likely cause: a package", _build.Errors.Single());
        Assert.StartsWith("MARCH3029: linux-arm64: ", _build.Warnings.Single());
        Assert.Contains("MultiArchVerifyBase=false", _build.Messages[0]);
        Assert.Contains("linux-x64, linux-arm64", _build.Messages[0]);
        Assert.AreEqual(": Verified in 41 ms: 312 headers and 2 bases read", _build.Messages[1]);
    }

    [TestMethod]
    [TestProperty("Catalogue", "54")]
    public void A_publish_that_fails_says_what_the_next_one_need_not_send()
    {
        Report(new PublishEvent.Interrupted([new Descriptor("layer", Digest.Of([1]), 2_000_000), new Descriptor("config", Digest.Of([2]), 500_000)]));

        Assert.AreEqual(": Stored before the publish failed, without a name, and not sent again by the next one: 2 blobs, 2.5 MB", _build.Messages.Single());
    }

    [TestMethod]
    public void A_tag_that_loses_platforms_is_a_warning()
    {
        Report(new PublishEvent.PlatformsLost("1.0", [Platform.LinuxArm64], [Platform.LinuxAmd64, new("arm", "linux", "v7")]));

        Assert.StartsWith("MARCH5021: The tag 1.0 has images for linux/amd64, linux/arm/v7 too, and will have linux/arm64 alone.", _build.Warnings.Single());
    }

    private void Report(PublishEvent happened)
    {
        var task = new SomeTask { BuildEngine = _build };
        new EventLog(task.Log, _build).Report(happened);
    }

    private sealed class SomeTask : Microsoft.Build.Utilities.Task
    {
        public override bool Execute() => true;
    }
}

using MultiArch.Debian.Lock;
using MultiArch.Oci;

namespace MultiArch.Debian.Tests.Lock;

[TestClass]
public sealed class LockPolicyTests
{
    private static readonly LockFile File = LockFile.Empty.With("linux-x64", Sample.Platform());

    [TestMethod]
    [DataRow(LockMode.Follow)]
    [DataRow(LockMode.Locked)]
    public void What_is_locked_for_the_same_wishes_is_taken(LockMode mode) =>
        Assert.AreSame(File.Platforms["linux-x64"], new LockPolicy(File, "lock", mode).Find(Sample.Plan, out _));

    [TestMethod]
    public void An_update_takes_nothing_from_the_lock() => Assert.IsNull(new LockPolicy(File, "lock", LockMode.Update).Find(Sample.Plan, out _));

    [TestMethod]
    public void Other_wishes_are_resolved_again_and_the_reason_is_said()
    {
        var locked = new LockPolicy(File, "lock", LockMode.Follow).Find(Sample.Plan with { Requests = ["libc6", "tzdata"] }, out var drift);

        Assert.IsNull(locked);
        Assert.AreEqual("of MultiArchOSPackage 'tzdata' is new", drift);
    }

    [TestMethod]
    public void A_platform_that_is_new_is_no_drift()
    {
        Assert.IsNull(new LockPolicy(File, "lock", LockMode.Follow).Find(Sample.Plan with { RuntimeIdentifier = "linux-arm64" }, out var drift));
        Assert.IsNull(drift);
    }

    [TestMethod]
    public void In_locked_mode_each_reason_is_one_line_with_the_next_step()
    {
        Refuses(null, Sample.Plan, "'lock' does not answer for linux-x64: there is no such file.");
        Refuses(File, Sample.Plan with { RuntimeIdentifier = "linux-arm64" }, "does not answer for linux-arm64: it does not have the platform.");
        Refuses(File, Sample.Plan with { Requests = ["tzdata"] }, "of MultiArchOSPackage 'tzdata' is new, 'libc6' is gone.");
    }

    [TestMethod]
    public void A_project_without_packages_and_without_a_lock_gets_none()
    {
        var plan = Sample.Plan with { Requests = [] };

        Assert.IsFalse(new LockPolicy(null, "lock", LockMode.Follow).Keeps(plan));
        Assert.IsTrue(new LockPolicy(null, "lock", LockMode.Update).Keeps(plan));
        Assert.IsTrue(new LockPolicy(LockFile.Empty, "lock", LockMode.Follow).Keeps(plan));
        Assert.IsTrue(new LockPolicy(null, "lock", LockMode.Follow).Keeps(Sample.Plan));
    }

    private static void Refuses(LockFile? file, PackagePlan plan, string message)
    {
        var error = Assert.ThrowsExactly<MultiArchException>(() => new LockPolicy(file, "lock", LockMode.Locked).Find(plan, out _));

        Assert.AreEqual(DiagnosticCodes.NotLocked, error.Code);
        Assert.Contains(message, error.Message);
        Assert.EndsWith("Run 'dotnet build -t:UpdateMultiArchLock' and commit the file.", error.Message);
    }
}

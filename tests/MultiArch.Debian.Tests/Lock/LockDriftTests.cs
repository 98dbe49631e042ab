using MultiArch.Debian.Lock;

namespace MultiArch.Debian.Tests.Lock;

[TestClass]
public sealed class LockDriftTests
{
    [TestMethod]
    public void What_was_locked_for_the_same_wishes_answers_them() => Assert.IsNull(LockDrift.Find(Sample.Plan, Sample.Platform()));

    [TestMethod]
    public void Another_base_is_said() => Assert.AreEqual(
        "the base is 'debian:12', and 'scratch' is locked",
        LockDrift.Find(Sample.Plan with { BaseImage = "debian:12" }, Sample.Platform()));

    [TestMethod]
    public void Each_package_that_came_or_went_is_said() => Assert.AreEqual(
        "of MultiArchOSPackage 'tzdata' is new, 'libc6' is gone",
        LockDrift.Find(Sample.Plan with { Requests = ["tzdata"] }, Sample.Platform()));

    [TestMethod]
    public void Another_order_is_another_resolution() => Assert.AreEqual(
        "the order of MultiArchOSPackage is another",
        LockDrift.Find(Sample.Plan with { Requests = ["b", "a"] }, Sample.Platform() with { Requests = ["a", "b"] }));

    [TestMethod]
    public void What_is_left_out_is_compared() => Assert.AreEqual(
        "of MultiArchOSPackageExclude 'debconf' is gone",
        LockDrift.Find(Sample.Plan with { Excludes = [] }, Sample.Platform()));

    [TestMethod]
    public void Sources_of_the_host_are_the_locks_own_business() =>
        Assert.IsNull(LockDrift.Find(Sample.Plan, Sample.Platform() with { Sources = [] }));

    [TestMethod]
    public void A_source_that_the_project_names_now_is_said() => Assert.AreEqual(
        "of MultiArchOSPackageSource 'http://other.test/debian trixie main' is new",
        LockDrift.Find(Sample.Plan with { Sources = [new PlannedSource("http://other.test/debian", "trixie", ["main"], null)] }, Sample.Platform()));

    [TestMethod]
    public void An_address_is_the_same_with_a_slash_at_its_end_and_without() => Assert.IsNull(LockDrift.Find(
        Sample.Plan with { Sources = [new PlannedSource("http://archive.test/debian", "bookworm", ["main"], null)] },
        Sample.Platform() with { SourcesOf = SourceOwner.Project, Sources = [new LockedSource("http://archive.test/debian/", "bookworm", ["main"])] }));

    [TestMethod]
    public void A_source_that_the_project_names_no_longer_is_said() => Assert.AreEqual(
        "of MultiArchOSPackageSource 'http://archive.test/debian bookworm main' is gone",
        LockDrift.Find(Sample.Plan, Sample.Platform() with { SourcesOf = SourceOwner.Project }));
}

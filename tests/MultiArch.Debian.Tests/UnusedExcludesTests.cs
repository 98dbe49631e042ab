using MultiArch.Debian.RootFileSystem;
using MultiArch.Debian.Tests.DebFiles;
using MultiArch.Debian.Tests.RootFileSystem;
using MultiArch.Oci;
using Sample = MultiArch.Debian.Tests.Lock.Sample;

namespace MultiArch.Debian.Tests;

[TestClass]
public sealed class UnusedExcludesTests
{
    [TestMethod]
    public void A_name_that_nothing_needs_is_one_warning_for_all_platforms() => AreFound(
        [Seen("linux-x64", ["libfoo"], leftOut: []), Seen("linux-arm64", ["libfoo"], leftOut: [])],
        "MultiArchOSPackageExclude 'libfoo' matches nothing: nothing that is laid down for linux-x64 and linux-arm64 needs a package of that name. Correct the name, or remove the item.");

    [TestMethod]
    public void A_name_that_one_platform_leaves_out_is_of_use() => AreFound(
        [Seen("linux-x64", ["libfoo"], leftOut: []), Seen("linux-arm64", ["libfoo"], leftOut: ["libfoo"])]);

    [TestMethod]
    public void A_name_that_is_asked_for_says_so() => AreFound(
        [Seen("linux-x64", ["libc6"], leftOut: [])],
        "MultiArchOSPackageExclude 'libc6' matches nothing: MultiArchOSPackage asks for it. Remove it there, or remove the item.");

    [TestMethod]
    public void What_is_left_out_by_default_and_what_a_lock_does_not_tell_is_passed_over()
    {
        AreFound([Seen("linux-x64", [.. DefaultExcludes.Packages, .. FileFilter.DefaultPatterns], leftOut: [])]);
        AreFound([Seen("linux-x64", ["libfoo"], leftOut: null)]);
        AreFound([Seen("linux-x64", ["/usr/share/nothing/"], leftOut: [])]);
        var nothingLaidDown = Seen("linux-x64", ["libfoo"], leftOut: []);
        AreFound([nothingLaidDown with { Resolved = nothingLaidDown.Resolved with { Locked = Sample.Platform() with { Packages = [] } } }]);
    }

    [TestMethod]
    public async Task A_pattern_counts_by_the_paths_of_packages_whatever_another_one_says_of_them()
    {
        using var system = new TestSystem();
        await system.AddAsync("demo", TestDeb.File("./usr/lib/demo.a"), TestDeb.Folder("./usr/share/demo"), TestDeb.File("./usr/share/demo/a"));
        string[] excludes = ["/usr/lib/*.a", "/usr/lib/", "!/usr/share/demo/a", "/usr/share/demo/", "!/usr/share/other", "/usr/*.a"];

        AreFound(
            [Seen("linux-x64", excludes, leftOut: null) with { Packages = system.Packages }],
            "MultiArchOSPackageExclude '!/usr/share/other' matches nothing: no package for linux-x64 has a file there. Correct the path to the package's own, or remove the item.",
            "MultiArchOSPackageExclude '/usr/*.a' matches nothing: no package for linux-x64 has a file there. Correct the path to the package's own, in which * does not stand for a /, or remove the item.");
    }

    private static SeenPlatform Seen(string runtimeIdentifier, string[] excludes, string[]? leftOut) =>
        new(Sample.Plan with { RuntimeIdentifier = runtimeIdentifier, Excludes = excludes }, new ResolvedPlatform(Sample.Platform(), leftOut));

    private static void AreFound(SeenPlatform[] platforms, params string[] messages)
    {
        var found = UnusedExcludes.Find(platforms).ToList();
        CollectionAssert.AreEqual(messages, found.Select(warning => warning.Message).ToArray());
        Assert.IsTrue(found.All(warning => warning.Code == DiagnosticCodes.ExcludeMatchesNothing));
    }
}

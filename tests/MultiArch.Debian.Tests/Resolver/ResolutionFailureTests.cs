namespace MultiArch.Debian.Tests.Resolver;

/// <summary>What is refused, and what is said then: one line with the way to it and the next step.</summary>
[TestClass]
public sealed class ResolutionFailureTests
{
    [TestMethod]
    public void A_name_that_no_source_has()
    {
        var message = new SmallArchive("libicu72 1", "libicu-dev 1", "libssl3t64 1", "tzdata 1").Refuse("libicu76");

        StringAssert.StartsWith(message, "MARCH6020: No source has 'libicu76' for amd64. They have libicu72.");
        StringAssert.Contains(new SmallArchive("libssl3t64 1").Refuse("libssl3"), "They have libssl3t64.");
        StringAssert.Contains(new SmallArchive("tzdata 1").Refuse("tzdat"), "They have tzdata.");
        StringAssert.Contains(new SmallArchive("tzdata 1").Refuse("tz-data"), "They have tzdata.");
        StringAssert.Contains(new SmallArchive("libgdiplus 1").Refuse("LibGdiPlus"), "They have libgdiplus.");
        StringAssert.Contains(new SmallArchive("libfontconfig1 1").Refuse("libfontcofnig1"), "They have libfontconfig1.");
        Assert.IsFalse(new SmallArchive("xyz 1").Refuse("something-else").Contains("They have", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Alternatives_of_which_no_source_has_any() =>
        StringAssert.StartsWith(new SmallArchive("libicu72 1").Refuse("libicu76 | libicu74"), "MARCH6020: No source has 'libicu76 | libicu74' for amd64. They have libicu72.");

    [TestMethod]
    public void A_version_that_no_source_has() =>
        StringAssert.StartsWith(new SmallArchive("a 1", "a 2").Refuse("a (= 3)"), "MARCH6020: No source has 'a (= 3)' for amd64: they have a 2, a 1.");

    [TestMethod]
    public void A_package_of_another_architecture() =>
        StringAssert.StartsWith(new SmallArchive("a 1").Refuse("a:arm64"), "MARCH6020: 'a:arm64' names a package of arm64, and this image is for amd64.");

    [TestMethod]
    public void A_name_that_several_provide()
    {
        var archive = new SmallArchive("gawk 1; Provides: awk", "mawk 1; Provides: awk; Priority: required");

        StringAssert.StartsWith(archive.Refuse("awk"), "MARCH6021: 'awk' is no package for amd64, but what several provide: mawk, gawk. Name one of them");
        Assert.AreEqual("gawk 1", archive.Get("awk", "gawk"));
    }

    [TestMethod]
    public void A_dependency_that_no_source_has()
    {
        StringAssert.StartsWith(
            new SmallArchive("a 1; Depends: b", "b 1; Depends: c (>= 2) | d", "c 1").Refuse("a"),
            "MARCH6022: a → b → c (>= 2) | d: no source has 'c (>= 2) | d' for amd64; they have c 1.");
        StringAssert.Contains(new SmallArchive("a 1; Depends: b", "b 1; Depends: c").Refuse("a"), "a → b → c: no source has 'c' for amd64.");
    }

    [TestMethod]
    public void The_first_alternative_is_the_one_that_is_explained() =>
        StringAssert.StartsWith(new SmallArchive("a 1; Depends: b | c", "b 1; Depends: x", "c 1; Depends: y").Refuse("a"), "MARCH6022: a → b → x: ");

    [TestMethod]
    public void Packages_that_exclude_each_other()
    {
        StringAssert.StartsWith(
            new SmallArchive("a 1; Depends: b", "b 1; Conflicts: d", "c 1; Depends: d", "d 1").Refuse("a", "c"),
            "MARCH6023: c → d 1 does not go together with a → b 1. Ask for one of them.");
        StringAssert.StartsWith(new SmallArchive("a 1; Breaks: b (<< 2)", "b 1").Refuse("a", "b"), "MARCH6023: b 1 does not go together with a 1.");
    }

    [TestMethod]
    public void A_package_that_the_base_does_not_go_with() =>
        StringAssert.StartsWith(
            new SmallArchive("a 1; Depends: b", "b 1; Conflicts: c") { Installed = ["c 3"] }.Refuse("a"),
            "MARCH6023: a → b 1 does not go together with c 3, which the base has. Take another base image");

    [TestMethod]
    public void Two_versions_of_one_package() =>
        StringAssert.StartsWith(
            new SmallArchive("a 1; Depends: x (= 1)", "b 1; Depends: x (= 2)", "x 1", "x 2").Refuse("a", "b"),
            "MARCH6023: b → x 2 is needed beside a → x 1: one image holds one version of a package.");

    [TestMethod]
    public void A_base_that_is_older_than_the_archive()
    {
        var archive = new SmallArchive("a 1; Depends: b", "b 1; Depends: libc6 (>= 2.38)", "libc6 2.41") { Installed = ["libc6 2.36"] };

        StringAssert.StartsWith(archive.Refuse("a"), "MARCH6024: a → b → libc6 (>= 2.38): the base has libc6 2.36, which is older than the archive, and a package of the base is never replaced. Take a newer version of the base image.");
        StringAssert.StartsWith(archive.Refuse("libc6 (>= 2.38)"), "MARCH6024: libc6 (>= 2.38): the base has libc6 2.36");
    }

    [TestMethod]
    public void A_base_that_is_newer_than_the_archive()
    {
        var archive = new SmallArchive("a-dev 1; Depends: a (= 1)", "a 1") { Installed = ["a 2"] };

        StringAssert.StartsWith(archive.Refuse("a-dev"), "MARCH6024: a-dev → a (= 1): the base has a 2, which is newer than the archive");
        StringAssert.StartsWith(archive.Refuse("a (<< 2)"), "MARCH6024: a (<< 2): the base has a 2, which is newer");
    }

    [TestMethod]
    public void A_need_for_another_architecture_is_not_met_by_the_base() =>
        StringAssert.StartsWith(new SmallArchive("a 1; Depends: b:arm64") { Installed = ["b 1"] }.Refuse("a"), "MARCH6022: a → b:arm64: no source has 'b:arm64' for amd64.");

    [TestMethod]
    public void A_damaged_stanza_is_named_when_it_is_needed()
    {
        var archive = new SmallArchive("a 1; Depends: b", "b 1; Depends: ???");

        StringAssert.StartsWith(archive.Refuse("a"), "MARCH6025: The index of packages of 'small' cannot be read: Depends of the package 'b': '???' names no package.");
        Assert.AreEqual("c 1", new SmallArchive("b 1; Depends: ???", "c 1").Get("c"));
    }

    [TestMethod]
    public void An_archive_made_to_waste_time_is_given_up()
    {
        // Each of 3,000 versions needs what nobody has.
        var archive = new SmallArchive([.. Enumerable.Range(0, 3000).Select(i => $"a {i}; Depends: nowhere")]);

        StringAssert.StartsWith(archive.Refuse("a"), "MARCH6022: a → nowhere: ");
    }
}

using MultiArch.Debian.Control;
using MultiArch.Debian.Resolver;

namespace MultiArch.Debian.Tests.Resolver;

/// <summary>What is chosen, rule by rule.</summary>
[TestClass]
public sealed class DependencyResolverTests
{
    [TestMethod]
    public void What_a_package_needs_comes_along_and_nothing_else() => Assert.AreEqual(
        "a 1, b 2, c 3",
        new SmallArchive("a 1; Depends: b; Recommends: r; Suggests: s; Enhances: e", "b 2; Pre-Depends: c (>= 3)", "c 3", "e 1", "r 1", "s 1", "z 1; Essential: yes").Get("a"));

    [TestMethod]
    public void A_circle_ends() => Assert.AreEqual("a 1, b 1, c 1", new SmallArchive("a 1; Depends: b", "b 1; Depends: c", "c 1; Depends: a, b").Get("a"));

    [TestMethod]
    public void A_long_chain_is_no_matter_of_the_stack() =>
        Assert.HasCount(50_000, new SmallArchive([.. Enumerable.Range(0, 50_000).Select(i => i < 49_999 ? $"p{i} 1; Depends: p{i + 1}" : $"p{i} 1")]).Resolve("p0").Packages);

    [TestMethod]
    public void The_first_alternative_that_can_be_had_is_taken()
    {
        Assert.AreEqual("a 1, b 1", new SmallArchive("a 1; Depends: b | c", "b 1", "c 1").Get("a"));
        Assert.AreEqual("a 1, c 1", new SmallArchive("a 1; Depends: b | c", "c 1").Get("a"));
        Assert.AreEqual("a 1, c 1", new SmallArchive("a 1; Depends: b (>= 2) | c", "b 1", "c 1").Get("a"));
    }

    [TestMethod]
    public void An_alternative_that_is_there_already_is_enough()
    {
        Assert.AreEqual("a 1, c 1", new SmallArchive("a 1; Depends: b | c", "b 1", "c 1").Get("a", "c"));
        Assert.AreEqual("a 1", new SmallArchive("a 1; Depends: b | c", "b 1", "c 1") { Installed = ["c 1"] }.Get("a"));
        Assert.AreEqual("a 1, c 1, x 1", new SmallArchive("a 1; Depends: x, b | c", "b 1", "c 1", "x 1; Depends: c").Get("a"));
    }

    [TestMethod]
    public void An_alternative_whose_own_needs_cannot_be_met_is_passed_over() =>
        Assert.AreEqual("a 1, c 1", new SmallArchive("a 1; Depends: b | c", "b 1; Depends: d", "d 1; Depends: nowhere", "c 1").Get("a"));

    [TestMethod]
    public void An_alternative_that_conflicts_is_passed_over()
    {
        Assert.AreEqual("a 1, c 1", new SmallArchive("a 1; Depends: b | c; Conflicts: b", "b 1", "c 1").Get("a"));
        Assert.AreEqual("a 1, c 1", new SmallArchive("a 1; Depends: b | c", "b 1; Breaks: a (<< 2)", "c 1").Get("a"));
    }

    [TestMethod]
    public void A_package_of_the_name_goes_before_those_that_provide_it() =>
        Assert.AreEqual("a 1, awk 1", new SmallArchive("a 1; Depends: awk", "mawk 1; Provides: awk; Priority: required", "awk 1; Priority: optional").Get("a"));

    [TestMethod]
    public void Of_those_that_provide_a_name_the_most_wanted_is_taken()
    {
        Assert.AreEqual("a 1, mawk 1", new SmallArchive("a 1; Depends: awk", "gawk 1; Provides: awk; Priority: optional", "mawk 1; Provides: awk; Priority: required").Get("a"));
        Assert.AreEqual("a 1, z 1", new SmallArchive("a 1; Depends: awk", "gawk 1; Provides: awk; Priority: required", "z 1; Provides: awk; Essential: yes").Get("a"));
    }

    [TestMethod]
    public void What_is_provided_in_no_version_satisfies_no_version()
    {
        Assert.AreEqual("a 1, p 9", new SmallArchive("a 1; Depends: x", "p 9; Provides: x").Get("a"));
        Assert.AreEqual("a 1, p 9", new SmallArchive("a 1; Depends: x (>= 2)", "p 9; Provides: x (= 2)").Get("a"));
        StringAssert.Contains(new SmallArchive("a 1; Depends: x (>= 2)", "p 9; Provides: x").Refuse("a"), "a → x (>= 2)");
        StringAssert.Contains(new SmallArchive("a 1; Depends: x (>= 2)", "p 9; Provides: x (= 1)").Refuse("a"), "a → x (>= 2)");
    }

    [TestMethod]
    public void The_highest_version_of_all_sources_is_taken()
    {
        var archive = new SmallArchive("a 1", "a 1.0~rc1", "b 5") { Further = ["a 1.0+deb12u1", "b 4"] };

        CollectionAssert.AreEqual(new[] { "a 1.0+deb12u1 of 1", "b 5 of 0" }, archive.Resolve("a", "b").Packages.Select(package => $"{package.Package} of {package.Index}").ToArray());
    }

    [TestMethod]
    public void The_highest_version_that_fits_is_taken()
    {
        var archive = new SmallArchive("a 1", "a 2", "a 3", "b 1; Depends: a (<< 3)", "c 1; Depends: a (= 1)");

        Assert.AreEqual("a 2, b 1", archive.Get("b"));
        Assert.AreEqual("a 1, c 1", archive.Get("c"));
        Assert.AreEqual("a 2", archive.Get("a (<= 2)"));
        Assert.AreEqual("a 1", archive.Get("a (= 1)"));
    }

    [TestMethod]
    public void One_version_from_two_sources_comes_from_the_first() =>
        Assert.AreEqual(0, new SmallArchive("a 1") { Further = ["a 1"] }.Resolve("a").Packages.Single().Index);

    [TestMethod]
    public void A_package_of_another_architecture_is_none()
    {
        Assert.AreEqual("a 1", new SmallArchive("a 2; Architecture: arm64", "a 1; Architecture: all").Get("a"));
        Assert.AreEqual("a 1, b 1", new SmallArchive("a 1; Depends: b:any", "b 1; Multi-Arch: allowed").Get("a"));
        Assert.AreEqual("a 1, b 1", new SmallArchive("a 1; Depends: b:amd64", "b 1").Get("a"));
        StringAssert.Contains(new SmallArchive("a 1; Depends: b:arm64", "b 1").Refuse("a"), "a → b:arm64");
    }

    [TestMethod]
    public void A_conflict_with_another_architecture_is_none() =>
        Assert.AreEqual("a 1, b 1", new SmallArchive("a 1; Depends: b; Conflicts: b:i386", "b 1").Get("a"));

    [TestMethod]
    public void A_package_does_not_conflict_with_itself()
    {
        Assert.AreEqual("a 1", new SmallArchive("a 1; Provides: mta; Conflicts: mta").Get("a"));
        StringAssert.StartsWith(new SmallArchive("a 1; Provides: mta; Conflicts: mta", "b 1; Provides: mta; Conflicts: mta").Refuse("a", "b"), "MARCH6023: ");
    }

    [TestMethod]
    public void Of_alternatives_that_are_asked_for_the_first_that_exists_is_taken()
    {
        Assert.AreEqual("libicu72 1", new SmallArchive("libicu72 1", "libicu74 2").Get("libicu76 | libicu72 | libicu74"));
        Assert.AreEqual("libicu74 2", new SmallArchive("libicu72 1", "libicu74 2").Get("libicu72 (>= 2) | libicu74"));
        Assert.AreEqual("libicu74 2", new SmallArchive("libicu72 1", "libicu74 2").Get("libicu72 | libicu74", "libicu74"));
        Assert.AreEqual("", new SmallArchive("libicu72 1", "libicu74 2") { Installed = ["libicu74 2"] }.Get("libicu72 | libicu74"));
        Assert.AreEqual("b 1", new SmallArchive("a 1; Depends: nowhere", "b 1").Get("a | b"));
    }

    [TestMethod]
    public void A_name_that_one_package_provides_means_that_package() =>
        Assert.AreEqual("libssl3t64 3", new SmallArchive("libssl3t64 3; Provides: libssl3 (= 3)").Get("libssl3 (>= 3)"));

    [TestMethod]
    public void What_the_base_has_is_not_taken_again()
    {
        var archive = new SmallArchive("a 1; Depends: b (>= 1), x", "b 2; Depends: c", "c 1", "p 1; Provides: x") { Installed = ["b 1", "q 1; Provides: x"] };

        Assert.AreEqual("a 1", archive.Get("a"));
        Assert.AreEqual("", archive.Get("b"));
    }

    [TestMethod]
    public void What_the_base_has_of_another_architecture_does_not_count() =>
        Assert.AreEqual("a 1, b 1", new SmallArchive("a 1; Depends: b", "b 1") { Installed = ["b 2; Architecture: i386"] }.Get("a"));

    [TestMethod]
    public void What_is_left_out_counts_as_there_and_brings_nothing()
    {
        var archive = new SmallArchive("a 1; Depends: debconf (>= 0.5) | debconf-2.0, b", "b 1; Depends: other | debconf-2.0", "debconf 1; Depends: perl; Provides: debconf-2.0", "perl 5", "other 1") { Excluded = ["debconf", "unused"] };

        var resolution = archive.Resolve("a");

        Assert.AreEqual("a 1, b 1", string.Join(", ", resolution.Packages.Select(package => package.Package)));
        CollectionAssert.AreEqual(new[] { "debconf" }, resolution.LeftOut.ToArray());
    }

    [TestMethod]
    public void What_is_left_out_as_a_later_alternative_changes_nothing() =>
        Assert.AreEqual("a 1, b 1", new SmallArchive("a 1; Depends: b | c", "b 1", "c 1") { Excluded = ["c"] }.Get("a"));

    [TestMethod]
    public void Who_provides_a_name_can_be_left_out_too()
    {
        var resolution = new SmallArchive("a 1; Depends: awk", "mawk 1; Provides: awk; Priority: required", "gawk 1; Provides: awk") { Excluded = ["mawk"] }.Resolve("a");

        Assert.HasCount(1, resolution.Packages);
        CollectionAssert.AreEqual(new[] { "mawk" }, resolution.LeftOut.ToArray());
    }

    [TestMethod]
    public void What_is_left_out_need_not_exist_nor_fit()
    {
        Assert.AreEqual("a 1", new SmallArchive("a 1; Depends: nowhere") { Excluded = ["nowhere"] }.Get("a"));
        CollectionAssert.AreEqual(new[] { "nowhere" }, new SmallArchive("a 1; Depends: nowhere") { Excluded = ["nowhere", "unused"] }.Resolve("a").LeftOut.ToArray());
        Assert.AreEqual("a 1", new SmallArchive("a 1; Depends: b (>= 2)", "b 1") { Excluded = ["b"] }.Get("a"));
        Assert.AreEqual("a 1", new SmallArchive("a 1; Depends: b; Conflicts: b", "b 1") { Excluded = ["b"] }.Get("a"));
    }

    [TestMethod]
    public void What_is_asked_for_is_not_left_out()
    {
        Assert.AreEqual("a 1, b 1", new SmallArchive("a 1; Depends: b", "b 1") { Excluded = ["b"] }.Get("a", "b"));
        Assert.AreEqual("b 1", new SmallArchive("b 1; Provides: a") { Excluded = ["b"] }.Get("a"));
        StringAssert.StartsWith(new SmallArchive("b 1; Provides: a") { Excluded = ["b"], Installed = ["b 0"] }.Refuse("a"), "MARCH6023: ");
    }

    [TestMethod]
    public void An_older_version_is_taken_where_the_base_does_not_allow_the_newer()
    {
        var archive = new SmallArchive("a-dev 1; Depends: a (= 1)", "a 1; Depends: libc6 (>= 2.36)")
        {
            Further = ["a-dev 2; Depends: a (= 2)", "a 2; Depends: libc6 (>= 2.36-9+deb12u9)", "libc6 2.36-9+deb12u9"],
            Installed = ["libc6 2.36-9+deb12u8"],
        };

        var resolution = archive.Resolve("a-dev");

        Assert.AreEqual("a 1, a-dev 1", string.Join(", ", resolution.Packages.Select(package => package.Package)));
        CollectionAssert.AreEqual(new[] { "a 1 for 2", "a-dev 1 for 2" }, resolution.Older.Select(older => $"{older.Package} for {older.Newer}").ToArray());
        StringAssert.Contains(resolution.Older[0].Why, "a → libc6 (>= 2.36-9+deb12u9): the base has libc6 2.36-9+deb12u8");
    }

    [TestMethod]
    public void The_order_of_requests_sources_and_stanzas_decides_nothing()
    {
        string[] packages = ["a 1; Depends: x | y", "b 1; Depends: y | x", "x 1; Depends: p | q", "y 1; Depends: q | p", "p 1", "q 1", "v1 1; Provides: v", "v2 1; Provides: v", "c 1; Depends: v"];
        string[] requests = ["a", "b", "c", "q | p"];
        var random = new Random(3);
        var expected = new SmallArchive(packages).Get(requests);
        for (var i = 0; i < 50; i++)
        {
            random.Shuffle(packages);
            random.Shuffle(requests);
            Assert.AreEqual(expected, new SmallArchive(packages[..5]) { Further = packages[5..] }.Get(requests));
        }
    }

    [TestMethod]
    public void Each_package_says_why_it_is_there()
    {
        var resolution = new SmallArchive("a 1; Depends: b", "b 1; Depends: c", "c 1; Depends: d", "d 1").Resolve("a", "d");

        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, resolution.Explain("c").ToArray());
        CollectionAssert.AreEqual(new[] { "d" }, resolution.Explain("d").ToArray());
        Assert.ThrowsExactly<ArgumentException>(() => resolution.Explain("e"));
    }

    [TestMethod]
    public void Nothing_is_needed_for_nothing() => Assert.AreEqual("", new SmallArchive("a 1").Get());

    [TestMethod]
    public void Any_archive_is_resolved_or_refused_and_what_is_chosen_holds_together()
    {
        var random = new Random(5);
        for (var i = 0; i < 3000; i++)
        {
            var packages = Enumerable.Range(0, random.Next(1, 9)).Select(_ => MakePackage(random)).Distinct(StringComparer.Ordinal).ToArray();
            var archive = new SmallArchive(packages) { Installed = [.. packages.Take(random.Next(2)).Select(package => package.Split(';')[0])], Excluded = random.Next(3) == 0 ? ["c"] : [] };
            try
            {
                var resolution = archive.Resolve("a", "b | c");
                AssertHoldsTogether(resolution, archive);
            }
            catch (Oci.MultiArchException e)
            {
                StringAssert.StartsWith(e.Code, "MARCH60");
            }
        }
    }

    private static string MakePackage(Random random)
    {
        string Name() => "abcdefg"[random.Next(7)].ToString();
        string Version() => random.Next(1, 4).ToString(System.Globalization.CultureInfo.InvariantCulture);
        string Relation() => random.Next(2) == 0 ? Name() : $"{Name()} ({new[] { "<<", "<=", "=", ">=", ">>" }[random.Next(5)]} {Version()})";
        var package = $"{Name()} {Version()}";
        package += random.Next(2) == 0 ? $"; Depends: {Relation()} | {Relation()}, {Relation()}" : "";
        package += random.Next(4) == 0 ? $"; Provides: {Name()} (= {Version()}), {Name()}" : "";
        package += random.Next(5) == 0 ? $"; Conflicts: {Relation()}" : "";
        return package;
    }

    private static void AssertHoldsTogether(Resolution resolution, SmallArchive archive)
    {
        var chosen = resolution.Packages.Select(package => package.Package).ToList();
        var all = chosen.Concat(archive.Installed.Select(package => package.Split(' ')).Select(parts => new BinaryPackage(parts[0], DebianVersion.Parse(parts[1]), "amd64"))).ToList();
        Assert.HasCount(all.Count, all.DistinctBy(package => package.Name));
        foreach (var package in chosen)
        {
            Assert.IsFalse(all.Any(other => other.Name != package.Name && package.Conflicts.Any(relation => other.Satisfies(relation, "amd64"))));
            foreach (var group in package.Depends)
            {
                Assert.IsTrue(
                    group.Alternatives.Any(relation => all.Any(other => other.Satisfies(relation, "amd64"))) || archive.Excluded.Length > 0,
                    $"{package}: {group}");
            }
        }
    }
}

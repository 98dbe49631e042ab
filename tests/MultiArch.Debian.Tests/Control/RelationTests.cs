using MultiArch.Debian.Control;

namespace MultiArch.Debian.Tests.Control;

[TestClass]
public sealed class RelationTests
{
    [TestMethod]
    [DataRow("libc6", "libc6")]
    [DataRow("  libc6\t", "libc6")]
    [DataRow("libc6 (>= 2.36)", "libc6 (>= 2.36)")]
    [DataRow("libc6(>=2.36)", "libc6 (>= 2.36)")]
    [DataRow("libc6 ( = 1:2.36-9+deb12u10 )", "libc6 (= 1:2.36-9+deb12u10)")]
    [DataRow("python3:any (>= 3.11~)", "python3:any (>= 3.11~)")]
    [DataRow("libstdc++6:arm64", "libstdc++6:arm64")]
    [DataRow("a (< 1)", "a (<= 1)", DisplayName = "the old < means <=")]
    [DataRow("a (> 1)", "a (>= 1)", DisplayName = "the old > means >=")]
    [DataRow("a (<< 1)", "a (<< 1)")]
    [DataRow("r-cran_Foo.bar", "r-cran_Foo.bar")]
    public void A_relation_is_read(string text, string expected) => Assert.AreEqual(expected, Relation.Parse(text).ToString());

    [TestMethod]
    [DataRow("", "names no package")]
    [DataRow("(>= 1)", "names no package")]
    [DataRow("a b", "names no package")]
    [DataRow("a (>= )", "names no package")]
    [DataRow("a (1)", "names no package")]
    [DataRow("a (== 1)", "names no package")]
    [DataRow("a (>= 1", "names no package")]
    [DataRow("a (>= 1) (<< 2)", "names no package")]
    [DataRow("a:", "names no package")]
    [DataRow("-a", "names no package")]
    [DataRow("../a", "names no package")]
    [DataRow("lib*", "names no package")]
    [DataRow("a (>= 1_2)", "no version")]
    [DataRow("a [amd64]", "for sources alone")]
    [DataRow("a (>= 1) [!arm64]", "for sources alone")]
    [DataRow("a <!nocheck>", "for sources alone")]
    [DataRow("a (>= 1) <!nocheck> <cross>", "for sources alone")]
    public void What_is_no_relation_is_refused(string text, string why) =>
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => Relation.Parse(text)).Message, why);

    [TestMethod]
    [DataRow("<<", "0.9", true)]
    [DataRow("<<", "1.0", false)]
    [DataRow("<=", "1.0", true)]
    [DataRow("<=", "1.1", false)]
    [DataRow("=", "1.0", true)]
    [DataRow("=", "1.0-1", false)]
    [DataRow(">=", "1.0", true)]
    [DataRow(">=", "1.0~rc1", false)]
    [DataRow(">>", "1.0", false)]
    [DataRow(">>", "1.0+b1", true)]
    public void A_version_is_compared(string comparison, string version, bool accepts) =>
        Assert.AreEqual(accepts, Relation.Parse($"a ({comparison} 1.0)").Accepts(DebianVersion.Parse(version)));

    [TestMethod]
    public void What_nobody_states_the_version_of_satisfies_no_constraint()
    {
        Assert.IsTrue(Relation.Parse("a").Accepts(null));
        Assert.IsFalse(Relation.Parse("a (>= 0)").Accepts(null));
    }

    [TestMethod]
    public void Alternatives_keep_their_order() =>
        CollectionAssert.AreEqual(
            new[] { "libicu76", "libicu74 (>= 74.2)", "libicu72" },
            Dependency.Parse("libicu76 |libicu74(>= 74.2)| libicu72").Alternatives.Select(relation => relation.ToString()).ToArray());

    [TestMethod]
    [DataRow("a |")]
    [DataRow("| a")]
    [DataRow("a || b")]
    [DataRow("a, b")]
    public void A_group_with_a_hole_is_refused(string text) => Assert.ThrowsExactly<FormatException>(() => Dependency.Parse(text));

    [TestMethod]
    public void What_is_provided_has_one_version_or_none()
    {
        Assert.AreEqual(new Provision("awk"), Provision.Parse("awk"));
        Assert.AreEqual("3.5-1", Provision.Parse("libssl3 (= 3.5-1)").Version?.Text);
        Assert.ThrowsExactly<FormatException>(() => Provision.Parse("libssl3 (>= 3)"));
    }

    [TestMethod]
    public void Any_text_is_a_relation_or_is_refused()
    {
        var random = new Random(7);
        const string Letters = "ab1 |,:()<>=[]!~+-._*\t\n\u00e4\0";
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(24)).Select(_ => Letters[random.Next(Letters.Length)]));
            try
            {
                var relation = Relation.Parse(text);
                Assert.AreEqual(relation, Relation.Parse(relation.ToString()));
            }
            catch (FormatException e)
            {
                Assert.IsFalse(e.Message.Contains('\n', StringComparison.Ordinal));
            }
        }
    }
}

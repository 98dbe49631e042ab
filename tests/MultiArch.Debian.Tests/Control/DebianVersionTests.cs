using MultiArch.Debian.Control;
using MultiArch.Testing;

namespace MultiArch.Debian.Tests.Control;

/// <summary>https://www.debian.org/doc/debian-policy/ch-controlfields.html#version, rule by rule, and by dpkg itself.</summary>
[TestClass]
public sealed class DebianVersionTests
{
    /// <summary>In ascending order; those on one line are equal.</summary>
    private static readonly string[][] Ascending =
    [
        ["~~"],
        ["~~a"],
        ["~"],
        ["0", "0-0", "0:0", "00"],
        ["1.0~beta1~svn1245"],
        ["1.0~beta1"],
        ["1.0", "0:1.0", "1.0-0", "1.00"],
        ["1.0-1~deb12u1"],
        ["1.0-1", "1.0-01"],
        ["1.0-1+b1"],
        ["1.0-1+b2"],
        ["1.0-1+b10"],
        ["1.0-1.1"],
        ["1.0-2"],
        ["1.0-10"],
        ["1.0a"],
        ["1.0+dfsg"],
        ["1.0-1-1"], // upstream 1.0-1
        ["1.0.1"],
        ["1.2.3"],
        ["1.10"],
        ["20240101"],
        ["9223372036854775807"],
        ["9223372036854775808"],
        ["99999999999999999999999999999999999999"],
        ["100000000000000000000000000000000000000", "000100000000000000000000000000000000000000"],
        ["a"],
        ["aa"],
        ["b"],
        ["+"],
        ["1:0"],
        ["1:1.0:2-3"], // a colon in upstream's part
        ["2:0.1"],
        ["10:0.1"],
    ];

    [TestMethod]
    public void Versions_stand_in_the_order_of_the_policy()
    {
        for (var i = 0; i < Ascending.Length; i++)
        {
            for (var j = 0; j < Ascending.Length; j++)
            {
                foreach (var (left, right) in Ascending[i].SelectMany(left => Ascending[j].Select(right => (left, right))))
                {
                    Assert.AreEqual(Math.Sign(i - j), Math.Sign(Compare(left, right)), $"{left} to {right}");
                }
            }
        }
    }

    [TestMethod]
    public async Task Versions_made_at_random_stand_in_dpkgs_order()
    {
        Tool.Require("dpkg", "bash");
        var random = new Random(20240607);
        var pairs = Enumerable.Range(0, 300).Select(_ => (Left: MakeVersion(random), Right: MakeVersion(random))).ToList();
        var script = string.Join('\n', pairs.Select(pair => $"if dpkg --compare-versions '{pair.Left}' lt '{pair.Right}'; then echo -1; elif dpkg --compare-versions '{pair.Left}' eq '{pair.Right}'; then echo 0; else echo 1; fi"));

        var dpkg = (await new CommandLine("bash", "-c", script).RunAsync()).ShouldSucceed().StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        CollectionAssert.AreEqual(dpkg, pairs.Select(pair => Math.Sign(Compare(pair.Left, pair.Right)).ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(" 1")]
    [DataRow("1 2")]
    [DataRow("1_2")]
    [DataRow("1/2")]
    [DataRow("1(2)")]
    [DataRow("ü")]
    [DataRow(":1")]
    [DataRow("1:")]
    [DataRow("a:1")]
    [DataRow("-1:1")]
    [DataRow("1-")]
    [DataRow("-1")]
    [DataRow("1:-1")]
    [DataRow("1:1-1:1", DisplayName = "a colon in the revision")]
    public void What_is_no_version_is_refused(string text) => Assert.ThrowsExactly<FormatException>(() => DebianVersion.Parse(text));

    [TestMethod]
    public void A_long_version_is_compared_and_shown_short_in_an_error()
    {
        var digits = new string('9', 100_000);

        Assert.IsGreaterThan(0, Compare("1." + digits + "1", "1." + digits));
        Assert.IsLessThan(150, Assert.ThrowsExactly<FormatException>(() => DebianVersion.Parse("_" + digits)).Message.Length);
    }

    private static string MakeVersion(Random random)
    {
        string Part(string letters, int most) => string.Concat(Enumerable.Range(0, random.Next(1, most)).Select(_ => letters[random.Next(letters.Length)]));
        var epoch = random.Next(4) == 0 ? Part("01", 2) + ":" : "";
        var revision = random.Next(2) == 0 ? "-" + Part("01a~+.", 4) : "";
        return $"{epoch}{random.Next(2)}{Part("0019ab~~+.", 6)}{revision}";
    }

    private static int Compare(string left, string right) => DebianVersion.Parse(left).CompareTo(DebianVersion.Parse(right));
}

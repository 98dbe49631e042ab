using MultiArch.Oci.Publishing;
using MultiArch.Oci.Publishing.Combining;

namespace MultiArch.Oci.Tests.Publishing.Combining;

/// <summary>Where a combined image goes and what names it.</summary>
[TestClass]
public sealed class CombineNamesTests
{
    private static readonly Dictionary<string, string> None = [];

    [TestMethod]
    public void What_is_asked_for_comes_first()
    {
        var names = CombineNames.Of([Part("a.json", "r.io/app", "1.0")], "other.io", "me/app", ["2.0"], new Dictionary<string, string> { ["team"] = "red" });

        Assert.AreEqual("other.io/me/app 2.0 red", $"{names.Repository} {names.Tags.Single()} {names.IndexAnnotations["team"]}");
    }

    [TestMethod]
    public void Then_what_the_parts_agree_on_in_whatever_order_they_say_it()
    {
        var names = CombineNames.Of([Part("a.json", "r.io/app", "1.0", "latest"), Part("b.json", "r.io/app", "latest", "1.0"), Reference("far.io/app:3")], "", "", [], None);

        Assert.AreEqual("r.io/app 1.0,latest blue web", $"{names.Repository} {string.Join(',', names.Tags)} {names.IndexAnnotations["team"]} {names.Project}");
    }

    [TestMethod]
    public void References_alone_agree_on_a_place_and_the_tag_is_latest()
    {
        var names = CombineNames.Of([Reference("r.io/app:3"), Reference("r.io/app:4")], "", "", [], None);

        Assert.AreEqual("r.io/app latest ", $"{names.Repository} {names.Tags.Single()} {names.Project}");
    }

    [TestMethod]
    [DataRow("r.io/app", "1.0", "blue", "s.io/app", "1.0", "blue", "the registry r.io, and 'b.json' names s.io. Set ContainerRegistry")]
    [DataRow("r.io/app", "1.0", "blue", "r.io/web", "1.0", "blue", "the repository app, and 'b.json' names web. Set ContainerRepository")]
    [DataRow("r.io/app", "1.0", "blue", "r.io/app", "2.0", "blue", "the tags 1.0, and 'b.json' for 2.0. Set ContainerImageTags")]
    [DataRow("r.io/app", "1.0", "blue", "r.io/app", "1.0", "red", "annotation team 'blue', and 'b.json' gives it 'red'.")]
    public void Parts_that_disagree_are_refused(string oneName, string oneTag, string oneTeam, string otherName, string otherTag, string otherTeam, string why)
    {
        CombineSource[] parts = [With(Part("a.json", oneName), oneTag, oneTeam), With(Part("b.json", otherName), otherTag, otherTeam)];

        var e = Assert.ThrowsExactly<MultiArchException>(() => CombineNames.Of(parts, "", "", [], None));

        Assert.AreEqual(DiagnosticCodes.CombineSourcesDisagree, e.Code);
        Assert.Contains(why, e.Message);
    }

    private static CombineSource Reference(string text) => new(text, ImageReference.Parse(text));

    private static CombineSource With(CombineSource part, string tag, string team) =>
        part with { Report = part.Report! with { TagsIntended = [tag], IndexAnnotations = new Dictionary<string, string> { ["team"] = team } } };

    private static CombineSource Part(string file, string name, params IReadOnlyList<string> tags)
    {
        var image = ImageReference.Parse($"{name}@{Digest.Of([1])}");
        var report = new ImageReport(
            1, "web", name, image.Registry, image.Repository, [], [], tags, MediaTypes.OciManifest, Digest.Of([1]), 1, null, [], new(default, new(0, 0, 0, 0), 0))
        {
            IndexAnnotations = new Dictionary<string, string> { ["team"] = "blue" },
        };
        return new CombineSource(file, image, report);
    }
}

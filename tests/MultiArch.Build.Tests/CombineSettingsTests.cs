using MultiArch.Build.Combining;
using MultiArch.Oci;
using MultiArch.Oci.Publishing.Combining;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What a project may say of a combine.</summary>
[TestClass]
public sealed class CombineSettingsTests
{
    private static readonly CombineSettings Nothing = new("", "", "", "", Append: false, PushByDigest: false);

    private readonly CombineSource[] _sources = [new("r.io/app:1", ImageReference.Parse("r.io/app:1"))];

    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task Files_and_references_are_told_apart()
    {
        using var folder = new TempDirectory();
        File.WriteAllBytes(folder.Write("x64/image.json", ""), SampleReport.Web.ToUtf8Bytes());

        var sources = await ReadAsync(folder, "x64\\image.json", "ghcr.io/me/app@" + SampleReport.Index, "x64/image.json");

        Assert.AreEqual($"ghcr.io/me/web@{SampleReport.Index} ghcr.io/me/app@{SampleReport.Index}", string.Join(' ', sources.Select(source => source.Image)));
        Assert.AreEqual("web", sources[0].Report!.Project);
        Assert.IsNull(sources[1].Report);
    }

    [TestMethod]
    [DataRow("digests", DiagnosticCodes.InvalidCombineSource, "'digests' is a folder. Name the image.json in it, or a pattern such as digests/**/image.json.")]
    [DataRow("digests/image.json", DiagnosticCodes.InvalidCombineSource, "is no file that exists")]
    [DataRow("oci:digests", DiagnosticCodes.InvalidCombineSource, "takes images from registries")]
    [DataRow("ghcr.io/Me/app", DiagnosticCodes.InvalidCombineSource, "neither a file that exists nor an image")]
    [DataRow("layout.json", DiagnosticCodes.InvalidCombineSource, "in no registry, at 'ghcr.io/me/web'")]
    [DataRow("broken.json", DiagnosticCodes.InvalidImageReport, "Correct MultiArchCombineFrom")]
    public async Task What_is_neither_is_refused(string from, string code, string why)
    {
        using var folder = new TempDirectory();
        File.WriteAllBytes(folder.Write("layout.json", ""), (SampleReport.Web with { Registry = null }).ToUtf8Bytes());
        folder.Write("broken.json", "{}");
        Directory.CreateDirectory(folder["digests"]);

        var e = await Assert.ThrowsExactlyAsync<MultiArchException>(() => ReadAsync(folder, from));

        Assert.AreEqual(code, e.Code);
        Assert.Contains(why, e.Message);
    }

    [TestMethod]
    public void A_pattern_leaves_out_what_this_combine_writes_and_a_name_does_not()
    {
        var byPattern = new CombineParts(["**/image.json", "b/x.json"], [("**/image.json", "a/image.json"), ("**/image.json", "bin/image.json"), ("b/x.json", "b/x.json")], "/project");
        var byName = new CombineParts(["bin/image.json"], [("bin/image.json", "bin/image.json")], "/project");

        Assert.AreEqual("a/image.json b/x.json", string.Join(' ', byPattern.Read("/project/bin/image.json", out var leftOut)));
        Assert.IsTrue(leftOut);
        Assert.AreEqual("bin/image.json", byName.Read("/project/bin/image.json", out leftOut).Single());
        Assert.IsFalse(leftOut);
    }

    [TestMethod]
    public void A_pattern_that_fits_nothing_is_an_error_that_names_it()
    {
        var missing = new CombineParts(["a/*.json", "b/**/*.json"], [("a/*.json", "a/x.json")], "/project");
        var own = new CombineParts(["**/image.json"], [("**/image.json", "bin/image.json")], "/project");

        Assert.Contains("There is nothing to combine. Set MultiArchCombineFrom", RefusalOf(new CombineParts([], [], "/project")));
        Assert.Contains("MultiArchCombineFrom 'b/**/*.json' fits no file.", RefusalOf(missing));
        Assert.Contains("fits '/project/bin/image.json' alone, which this combine writes.", RefusalOf(own));
    }

    [TestMethod]
    public void A_combine_has_no_other_destination_than_a_registry()
    {
        CombineSettings.CheckDestination("r.io", "Podman", "");

        foreach (var (registry, local, archive) in new[] { ("", "Podman", ""), ("r.io", "", "all.tar") })
        {
            var e = Assert.ThrowsExactly<MultiArchException>(() => CombineSettings.CheckDestination(registry, local, archive));
            Assert.AreEqual(DiagnosticCodes.CombineNeedsRegistry, e.Code);
            Assert.Contains(local + archive, e.Message);
        }
    }

    [TestMethod]
    public void Platforms_are_written_either_way_and_several_tags_keep_their_order()
    {
        var settings = Nothing with { Tags = "b; a;b" };

        Assert.AreEqual("linux/arm/v7 linux/amd64", string.Join(' ', RequiredPlatforms.Parse(["linux/arm/v7", " linux-x64", ""])));
        Assert.AreEqual("b a", string.Join(' ', settings.ReadNames(_sources, new Dictionary<string, string>()).Tags));
    }

    [TestMethod]
    [DataRow("https://r.io", "", "", "", DiagnosticCodes.InvalidRegistry)]
    [DataRow("", "App", "", "", DiagnosticCodes.InvalidRepository)]
    [DataRow("", "", "-1", "", DiagnosticCodes.InvalidTag)]
    [DataRow("", "", "1", "2", DiagnosticCodes.TagAndTags)]
    public void Names_that_are_none_are_refused(string registry, string repository, string tag, string tags, string code)
    {
        var settings = Nothing with { Registry = registry, Repository = repository, Tag = tag, Tags = tags };

        Assert.AreEqual(code, Assert.ThrowsExactly<MultiArchException>(() => settings.ReadNames(_sources, new Dictionary<string, string>())).Code);
    }

    [TestMethod]
    public void Settings_that_exclude_each_other_and_platforms_that_are_none_are_refused()
    {
        var append = Assert.ThrowsExactly<MultiArchException>(() => (Nothing with { Append = true, PushByDigest = true }).ReadNames(_sources, new Dictionary<string, string>()));
        var platform = Assert.ThrowsExactly<MultiArchException>(() => RequiredPlatforms.Parse(["linux/arm64", "win-x64"]));

        Assert.AreEqual(DiagnosticCodes.AppendNeedsTag, append.Code);
        Assert.AreEqual(DiagnosticCodes.InvalidRequiredPlatform, platform.Code);
        Assert.AreEqual("MultiArchRequiredPlatforms 'win-x64' is no platform. Write linux/arm64 or linux-arm64 for each, separated by ;.", platform.Message);
    }

    private static string RefusalOf(CombineParts parts)
    {
        var e = Assert.ThrowsExactly<MultiArchException>(() => parts.Read("/project/bin/image.json", out _));
        Assert.AreEqual(DiagnosticCodes.NothingToCombine, e.Code);
        return e.Message;
    }

    private Task<IReadOnlyList<CombineSource>> ReadAsync(TempDirectory folder, params string[] texts)
    {
        var parts = new CombineParts(texts, [.. texts.Select(text => (text, text))], folder.Path);
        return CombineSources.ReadAsync(parts, parts.Read(folder["image.json"], out _), Token);
    }
}

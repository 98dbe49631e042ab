using System.Text.Json;
using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Publishing again what has not changed, and what has changed little.</summary>
[TestClass]
public sealed class UnchangedImageTests
{
    [TestMethod]
    public async Task A_second_publish_packs_nothing_and_touches_no_file_of_ours_and_a_label_repacks_the_configuration_alone()
    {
        using var project = await TestProject.ConsoleAsync("""
            <ItemGroup><ContainerLabel Include="team" Value="$(Team)" Condition="'$(Team)' != ''" /></ItemGroup>
            """);

        var first = (await project.PublishAsync("-v:n")).ShouldSucceed();
        Assert.Contains("compressed", first.Output, "The first publish packs.");
        var layers = Layers(project);
        ReportTells(project, first.PublishedDigest());
        var before = OurFiles(project);
        foreach (var wanted in new[] { "image.json", "image/index.json", "image/oci-layout", "linux-x64/image.plan.json", "linux-arm64/image.plan.json", "/layers/" })
        {
            Assert.IsTrue(before.Any(file => file.Contains(wanted, StringComparison.Ordinal)), wanted);
        }

        var second = (await project.PublishAsync("-v:n")).ShouldSucceed();

        Assert.AreEqual(first.PublishedDigest(), second.PublishedDigest());
        Assert.AreEqual(string.Join('\n', before), string.Join('\n', OurFiles(project)));
        PacksNothing(second);

        var labelled = (await project.PublishAsync("-v:n", "-p:Team=blue")).ShouldSucceed();

        PacksNothing(labelled);
        Assert.AreNotEqual(first.PublishedDigest(), labelled.PublishedDigest());
        CollectionAssert.AreEqual(layers, Layers(project));
        Assert.IsTrue(OciLayout.Read(project.ImageFolder).Images.All(image => image.Labels["team"] == "blue"));
        ReportTells(project, labelled.PublishedDigest());
    }

    private static void PacksNothing(CommandResult publish)
    {
        Assert.DoesNotContain("Packing layer", publish.Output);
        Assert.Contains("already there, not packed", publish.Output);
        Assert.Contains("layers: 0 new, 1 reused  0 B written", publish.Output);
    }

    private static List<Digest> Layers(TestProject project) =>
        [.. OciLayout.Read(project.ImageFolder).Images.SelectMany(image => image.Manifest.Layers).Select(layer => layer.Digest)];

    private static void ReportTells(TestProject project, string digest)
    {
        using var report = JsonDocument.Parse(File.ReadAllBytes(project.ImageFolder + ".json"));
        Assert.AreEqual(digest, report.RootElement.GetProperty("digest").GetString());
        CollectionAssert.AreEqual(
            OciLayout.Read(project.ImageFolder).Images.Select(image => image.Descriptor.Digest.ToString()).ToArray(),
            report.RootElement.GetProperty("platforms").EnumerateArray().Select(platform => platform.GetProperty("digest").GetString()).ToArray());
    }

    /// <summary>Path, time and digest of everything that this package itself writes; the platforms' build outputs are .NET's.</summary>
    private static List<string> OurFiles(TestProject project) =>
        [.. Directory.EnumerateFiles(project.Folder, "*", SearchOption.AllDirectories)
            .Where(file => file.StartsWith(project.ImageFolder, StringComparison.Ordinal)
                || Path.GetFileName(file) == "image.plan.json"
                || Path.GetFileName(Path.GetDirectoryName(file)) == "layers")
            .Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(project.Folder, file)} {File.GetLastWriteTimeUtc(file):O} {Digest.Of(File.ReadAllBytes(file))}")];
}

using System.Net;
using System.Text.Json;
using MultiArch.Oci;
using MultiArch.Oci.Publishing;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>One process for each platform, and a project of one line in an empty folder that makes one index of what they pushed.</summary>
[TestClass]
public sealed class CombineTests
{
    private const string ByDigest = "-p:MultiArchPushByDigest=true";
    private const string Annotation = "<ItemGroup><ContainerAnnotation Include=\"com.example.team\" Value=\"blue\" /></ItemGroup>";

    public required TestContext TestContext { get; init; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task Two_processes_and_a_combine_make_the_index_of_one_process_and_a_rerun_of_one_half_replaces_that_platform_alone()
    {
        using var registry = await RegistryProcess.StartAsync(Token);
        using var other = await RegistryProcess.StartAsync(Token);
        using var both = await TestProject.ConsoleAsync(Annotation);
        using var x64 = await TestProject.ConsoleAsync(Annotation);
        using var arm64 = await TestProject.ConsoleAsync(Annotation);
        using var combine = await EmptyFolderAsync();

        var whole = (await both.PublishAsync($"-p:ContainerRegistry={other.Address}", "-p:ContainerImageTag=1.0")).ShouldSucceed();
        var halves = await Task.WhenAll(PublishHalfAsync(x64, "linux-x64", registry), PublishHalfAsync(arm64, "linux-arm64", registry));

        Assert.IsEmpty(registry.Tags("hello"), "A push by digest sets no tag.");
        Assert.Contains("No tag has moved.", halves[0].Output);
        var report = ReportOf(x64);
        Assert.IsNull(report.Index);
        Assert.IsEmpty(report.Tags);
        Assert.AreEqual("1.0", report.TagsIntended.Single());
        Assert.AreEqual(halves[0].PublishedDigest(), report.Digest.ToString());

        CopyReports(combine, x64, arm64);
        var combined = (await CombineAsync(combine, "-p:MultiArchCombineFrom=digests/**/image.json", "-p:MultiArchRequiredPlatforms=\"linux/amd64;linux-arm64\"")).ShouldSucceed();

        Assert.AreEqual(whole.PublishedDigest(), combined.PublishedDigest(), "The bytes of one process.");
        Assert.AreEqual("1.0", registry.Tags("hello").Single());
        var index = ImageReport.Parse(await File.ReadAllBytesAsync(Path.Combine(combine.Folder, $"bin/Debug/{TestProject.Framework}/image.json"), Token));
        Assert.AreEqual(combined.PublishedDigest(), index.Index!.Digest.ToString());
        CollectionAssert.AreEqual(new[] { "linux-x64", "linux-arm64" }, index.Platforms.Select(platform => platform.RuntimeIdentifier).ToArray());
        Assert.IsEmpty(index.Platforms.SelectMany(platform => platform.Layers).Where(layer => layer.Transfer != "reused"));

        arm64.With("Program.cs", "System.Console.WriteLine(\"again\");\n");
        await PublishHalfAsync(arm64, "linux-arm64", registry);
        CopyReports(combine, arm64);
        using var polling = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var seen = PollAsync($"http://{registry.Address}/v2/hello/", polling.Token);
        var appended = (await CombineAsync(combine, "-p:MultiArchCombineFrom=digests/arm64/image.json", "-p:MultiArchAppend=true")).ShouldSucceed();
        await polling.CancelAsync();

        var expected = new[] { $"amd64 {report.Digest}, arm64 {index.Platforms[1].Digest}", $"amd64 {report.Digest}, arm64 {ReportOf(arm64).Digest}" };
        CollectionAssert.AreEqual(expected, (await seen).ToArray(), "Whole at every moment, and only one platform replaced.");
        Assert.AreNotEqual(combined.PublishedDigest(), appended.PublishedDigest());
    }

    [TestMethod]
    public async Task What_cannot_be_combined_is_one_line_and_writes_nothing()
    {
        using var combine = await EmptyFolderAsync();

        var own = $"bin/Debug/{TestProject.Framework}/image.json";

        (await CombineAsync(combine, "-p:MultiArchCombineFrom=nothing/**/image.json")).ShouldFailWith("MARCH5022");
        Assert.IsFalse(File.Exists(Path.Combine(combine.Folder, own)));
        combine.With("a/image.json", "{}").With(own, "{}");
        Assert.Contains("'b/**/image.json' fits no file", (await CombineAsync(combine, "-p:MultiArchCombineFrom=a/image.json%3Bb/**/image.json")).ShouldFailWith("MARCH5022"));
        Assert.Contains(own, (await CombineAsync(combine, $"-p:MultiArchCombineFrom={own}")).ShouldFailWith("MARCH5014"), "Named itself, it is a part.");
        Assert.Contains("fits '", (await CombineAsync(combine, "-p:MultiArchCombineFrom=bin/**/image.json")).ShouldFailWith("MARCH5022"), "By a pattern, it is none.");
        (await CombineAsync(combine, "-p:MultiArchCombineFrom=ghcr.io/me/app:1", "-p:ContainerArchiveOutputPath=all.tar")).ShouldFailWith("MARCH5034");

        Assert.AreEqual("{}", await File.ReadAllTextAsync(Path.Combine(combine.Folder, own), Token));
    }

    [TestMethod]
    public async Task A_push_by_digest_without_a_registry_is_refused_before_anything_is_compiled()
    {
        using var project = await TestProject.ConsoleAsync();

        (await project.PublishAsync("-r", "linux-x64", ByDigest)).ShouldFailWith("MARCH5020");

        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "bin")));
    }

    private static async Task<CommandResult> PublishHalfAsync(TestProject project, string runtimeIdentifier, RegistryProcess registry) =>
        (await project.PublishAsync("-r", runtimeIdentifier, ByDigest, $"-p:ContainerRegistry={registry.Address}", "-p:ContainerImageTag=1.0")).ShouldSucceed();

    /// <summary>The folder of the project <c>combine.proj</c>, with a feed and nothing else.</summary>
    private static async Task<TestProject> EmptyFolderAsync()
    {
        var project = await TestProject.ConsoleAsync(form: PackageForm.SdkAlone);
        File.Delete(Path.Combine(project.Folder, "hello.csproj"));
        File.Delete(Path.Combine(project.Folder, "Program.cs"));
        return project.With("combine.proj", $"<Project Sdk=\"MultiArch.Build/{PackedPackage.Version}\" />\n");
    }

    private static Task<CommandResult> CombineAsync(TestProject combine, params IEnumerable<string> arguments) =>
        combine.DotnetAsync(["msbuild", "combine.proj", "-restore", "-t:CombineMultiArchImage", .. arguments]);

    private static ImageReport ReportOf(TestProject project) => ImageReport.Parse(File.ReadAllBytes(project.ImageFolder + ".json"));

    /// <summary>As a pipeline does with artifacts.</summary>
    private static void CopyReports(TestProject combine, params IEnumerable<TestProject> halves)
    {
        foreach (var half in halves)
        {
            var platform = ReportOf(half).Platforms.Single().Platform.Split('/')[1];
            combine.With($"digests/{platform}/image.json", File.ReadAllText(half.ImageFolder + ".json"));
        }
    }

    /// <summary>
    /// What the tag names, again and again, as often as it was another than before; each image is pulled as far as its manifest.
    /// docker-registry 2.8 on a file system empties a tag's link before it writes it anew and answers 500 to who reads it in between:
    /// as clients do, such an answer is asked for again.
    /// </summary>
    private static async Task<IReadOnlyList<string>> PollAsync(string repository, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri(repository) };
        foreach (var mediaType in MediaTypes.Manifests)
        {
            client.DefaultRequestHeaders.Accept.ParseAdd(mediaType);
        }

        var seen = new List<string>();
        var failuresInARow = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            using var answer = await client.GetAsync("manifests/1.0", CancellationToken.None);
            if (answer.StatusCode is HttpStatusCode.InternalServerError && ++failuresInARow <= 3)
            {
                continue;
            }

            failuresInARow = 0;
            answer.EnsureSuccessStatusCode();
            using var index = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None));
            var entries = index.RootElement.GetProperty("manifests").EnumerateArray()
                .Select(entry => (Architecture: entry.GetProperty("platform").GetProperty("architecture").GetString(), Digest: entry.GetProperty("digest").GetString()))
                .ToList();
            foreach (var (_, digest) in entries)
            {
                await client.GetStringAsync($"manifests/{digest}", CancellationToken.None);
            }

            var text = string.Join(", ", entries.Select(entry => $"{entry.Architecture} {entry.Digest}"));
            if (seen.LastOrDefault() != text)
            {
                seen.Add(text);
            }

            await Task.Delay(10, CancellationToken.None);
        }

        return seen;
    }
}

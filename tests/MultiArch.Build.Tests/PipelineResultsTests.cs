using MultiArch.Oci.Publishing;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Real publishes whose results others read.</summary>
[TestClass]
public sealed class PipelineResultsTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task A_push_leaves_each_pipeline_its_results_and_no_result_is_packed_into_the_next_image()
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var project = await TestProject.WebAsync();
        using var elsewhere = new TempDirectory();
        string[] arguments =
        [
            $"-p:ContainerRegistry={registry.Address}",
            "-p:ContainerImageTags=\"1.0;latest\"",
            "-p:MultiArchMetadataFile=web.json",
            "-p:MultiArchDigestFile=out/web.digest",
            "-p:MultiArchDotenvFile=web.env",
            $"-p:MultiArchTektonResultsFolder={elsewhere["tekton"]}",
            "-p:MultiArchResultPrefix=web_",
        ];

        var publish = (await PublishInPipelineAsync(project, elsewhere, arguments)).ShouldSucceed();

        var image = $"{registry.Address}/web@{publish.PublishedDigest()}";
        var report = ImageReport.Parse(await File.ReadAllBytesAsync(Path.Combine(project.Folder, "web.json"), TestContext.CancellationToken));
        Assert.AreEqual(publish.PublishedDigest(), report.Digest.ToString());
        Assert.AreEqual($"web {registry.Address} web 1.0,latest", $"{report.Project} {report.Registry} {report.Repository} {string.Join(',', report.Tags)}");
        Assert.IsGreaterThan(0, report.Publish.BytesSent);
        Assert.IsGreaterThan(0, report.Publish.Seconds.Total);
        Assert.IsFalse(File.Exists(project.ImageFolder + ".json"), "It lies where it was asked for, and there alone.");
        Assert.AreEqual(publish.PublishedDigest(), Read(project.Folder, "out/web.digest"));
        Assert.Contains($"web_IMAGE={image}\n", Read(project.Folder, "web.env"));
        Assert.AreEqual($"{registry.Address}/web", Read(elsewhere["tekton"], "web_IMAGE_URL"));
        Assert.StartsWith($"{image},{registry.Address}/web@{report.Platforms[0].Digest},", Read(elsewhere["tekton"], "web_IMAGES"));
        Assert.Contains($"web_image={image}\n", Read(elsewhere.Path, "output"));
        Assert.Contains($"web_metadata={Path.Combine(project.Folder, "web.json")}\n", Read(elsewhere.Path, "output"));
        Assert.Contains("| <code>linux/arm64</code> |", Read(elsewhere.Path, "summary"));
        Assert.Contains($"##vso[task.setvariable variable=web_IMAGE;isOutput=true]{image}", publish.Output);
        var written = File.GetLastWriteTimeUtc(Path.Combine(project.Folder, "web.json"));

        var again = (await PublishInPipelineAsync(project, elsewhere, arguments)).ShouldSucceed();

        Assert.AreEqual(publish.PublishedDigest(), again.PublishedDigest(), "The files lie in the project's folder, and are no files of the app.");
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(Path.Combine(project.Folder, "web.json")));
        Assert.HasCount(2, Read(elsewhere.Path, "output").Split('\n').Where(line => line == $"web_image={image}").ToList(), "A step's outputs are added to.");
    }

    [TestMethod]
    public async Task A_result_that_fails_when_the_tags_have_moved_says_what_is_published()
    {
        if (!File.Exists("/dev/full"))
        {
            Assert.Inconclusive("/dev/full is missing.");
        }

        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var project = await TestProject.ConsoleAsync();

        var publish = await PublishAsync(project, [$"-p:ContainerRegistry={registry.Address}", "-p:MultiArchDigestFile=hello.digest"], ("GITHUB_OUTPUT", "/dev/full"));

        var error = publish.ShouldFailWith("MARCH5001");
        var digest = Read(project.Folder, "hello.digest");
        Assert.Contains($"The image is published, {registry.Address}/hello@{digest}, and latest names it, and '/dev/full', which is to tell of it, is not written: No space left on device", error);
        CollectionAssert.AreEqual(new[] { "latest" }, registry.Tags("hello").ToArray());
        Assert.Contains(digest, await File.ReadAllTextAsync(project.ImageFolder + ".json", TestContext.CancellationToken), "The other results are written.");
    }

    [TestMethod]
    public async Task A_result_that_lost_its_place_during_the_compilation_is_found_while_nothing_is_sent()
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var project = await TestProject.ConsoleAsync("""
            <Target Name="GetInTheWay" AfterTargets="_MultiArchValidateNames">
              <WriteLinesToFile File="digests" Lines="a file where a folder was to be" />
            </Target>
            """);

        var publish = await project.PublishAsync($"-p:ContainerRegistry={registry.Address}", "-p:MultiArchDigestFile=digests/hello.digest");

        Assert.Contains("is a file, not a folder", publish.ShouldFailWith("MARCH5002"));
        Assert.IsEmpty(registry.Tags("hello"));
    }

    private static Task<CommandResult> PublishInPipelineAsync(TestProject project, TempDirectory elsewhere, IEnumerable<string> arguments) => PublishAsync(
        project, arguments, ("GITHUB_OUTPUT", elsewhere["output"]), ("GITHUB_STEP_SUMMARY", elsewhere["summary"]), ("TF_BUILD", "True"));

    private static Task<CommandResult> PublishAsync(TestProject project, IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        var publish = project.Dotnet(["publish", "-p:PublishMultiArch=true", .. arguments]);
        var variables = TestProject.CliEnvironment.Concat(environment.Select(variable => KeyValuePair.Create(variable.Name, (string?)variable.Value)));
        return new CommandLine(publish.Program, publish.Arguments) { WorkingDirectory = project.Folder, Environment = variables.ToDictionary() }.RunAsync();
    }

    private static string Read(string folder, string file) => File.ReadAllText(Path.Combine(folder, file));
}

using System.Text.RegularExpressions;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The files in samples/pipelines: each distinct script of theirs is run once, against a real registry.</summary>
[TestClass]
public sealed partial class PipelineSamplesTests
{
    private static readonly string[] Systems = ["azure-pipelines", "github-actions", "gitlab-ci", "jenkins", "tekton"];

    private static readonly string[] Platforms = ["linux-arm64", "linux-x64"];

    private static readonly Lazy<Task<IReadOnlyCollection<string>>> Ran = new(RunAllAsync);

    private static string Folder => Path.Combine(RepositoryFolder.Path, "samples", "pipelines");

    [TestMethod]
    public void Every_system_has_both_forms_and_each_names_both_platforms()
    {
        foreach (var system in Systems)
        {
            var simple = Scripts(Path.Combine(system, "simple"));
            var split = Scripts(Path.Combine(system, "split"));

            Assert.HasCount(1, simple, system);
            Assert.IsFalse(simple[0].IsPart || simple[0].IsCombine, system);
            Assert.IsTrue(split.Any(script => script.IsPart) && split.Any(script => script.IsCombine), system);
            Assert.IsTrue(split.All(script => script.IsPart || script.IsCombine), system);
            CollectionAssert.AreEqual(Platforms, RuntimeIdentifier().Matches(File.ReadAllText(split[0].File)).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal).ToArray(), system);
        }
    }

    [TestMethod]
    public async Task Every_command_of_every_file_has_run()
    {
        var ran = await Ran.Value;

        foreach (var file in Files())
        {
            var scripts = PipelineScript.Read(file);
            Assert.AreEqual(DotnetCommand().Count(await File.ReadAllTextAsync(file)), scripts.Sum(script => DotnetCommand().Count(script.Text)), $"{file}: each stands in a script.");
            Assert.AreEqual("", string.Join('\n', scripts.Select(script => script.Text).Except(ran)), file);
        }
    }

    [TestMethod]
    public void Every_variable_that_a_command_or_MSBuild_reads_is_set_and_known()
    {
        var properties = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "properties.md"));
        foreach (var file in Files())
        {
            var variables = PipelineScript.Variables(file);

            var used = PipelineScript.Read(file).SelectMany(script => ShellVariable().Matches(script.Text)).Select(match => match.Groups["name"].Value);
            Assert.AreEqual("", string.Join(' ', used.Where(name => !variables.Contains(name))), file);
            var ours = variables.Where(name => name.StartsWith("Container", StringComparison.Ordinal) || name.StartsWith("MultiArch", StringComparison.Ordinal)).ToList();
            Assert.Contains("ContainerRegistry", ours, file);
            Assert.AreEqual("", string.Join(' ', ours.Where(name => !properties.Contains($"`{name}`", StringComparison.Ordinal))), file);
        }
    }

    [TestMethod]
    public async Task The_page_shows_every_system_with_commands_that_have_run()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "docs", "ci.md"));
        var ran = (await Ran.Value).SelectMany(script => script.Split('\n')).ToHashSet(StringComparer.Ordinal);
        var pipelines = page[page.IndexOf("\n## Pipelines\n", StringComparison.Ordinal)..];

        foreach (var file in Files())
        {
            Assert.Contains($"](../{Path.GetRelativePath(RepositoryFolder.Path, file)})", pipelines);
        }

        var commands = Command().Matches(pipelines).Select(match => match.Groups["command"].Value).ToList();
        Assert.IsGreaterThan(Systems.Length, commands.Count, "The pattern finds what the blocks say.");
        Assert.AreEqual("", string.Join('\n', commands.Except(ran)));
    }

    private static IReadOnlyList<string> Files() =>
        [.. Systems.SelectMany(system => Directory.EnumerateFiles(Path.Combine(Folder, system))).Order(StringComparer.Ordinal)];

    private static IReadOnlyList<PipelineScript> Scripts(string prefix) =>
        PipelineScript.Read(Files().Single(file => file.StartsWith(Path.Combine(Folder, prefix + "."), StringComparison.Ordinal)));

    /// <summary>Publishes whole, publishes in parts, and combines these: with every distinct script, which the systems have in common as far as they can.</summary>
    private static async Task<IReadOnlyCollection<string>> RunAllAsync()
    {
        var scripts = Files().SelectMany(PipelineScript.Read).DistinctBy(script => script.Text).ToList();
        using var registry = await RegistryProcess.StartAsync(CancellationToken.None);
        using var app = await TestProject.ConsoleAsync();
        using var work = new TempDirectory();
        foreach (var script in scripts.Where(script => !script.IsPart && !script.IsCombine))
        {
            await RunAsync(script, app.Folder, registry, work, ("ContainerRepository", "whole"));
        }

        foreach (var script in scripts.Where(script => script.IsPart))
        {
            foreach (var platform in Platforms)
            {
                await RunAsync(script, app.Folder, registry, work, ("ContainerRepository", "parts"), ("RID", platform), ("MultiArchMetadataFile", work[$"combine/digests/{platform}/image.json"]));
            }
        }

        Assert.IsEmpty(registry.Tags("parts"), "The tags move when all platforms are there.");
        File.Copy(Path.Combine(app.Folder, "nuget.config"), work["combine/nuget.config"]);
        foreach (var script in scripts.Where(script => script.IsCombine))
        {
            await RunAsync(script, work["combine"], registry, work, ("MultiArchRequiredPlatforms", "linux/amd64;linux/arm64"));
        }

        var whole = await PushedManifest.GetAsync(registry, "whole", "v1", CancellationToken.None);
        var parts = await PushedManifest.GetAsync(registry, "parts", "v1", CancellationToken.None);
        Assert.AreEqual(whole.Text, parts.Text, "The index of one publish.");
        var image = $"{registry.Address}/parts@{parts.Digest}";
        Assert.Contains($"image={image}\n", await File.ReadAllTextAsync(work["github"]));
        Assert.Contains($"IMAGE={image}\n", await File.ReadAllTextAsync(work["image.env"]));
        Assert.AreEqual(parts.Digest, await File.ReadAllTextAsync(work["image.digest"]));
        Assert.AreEqual(parts.Digest, await File.ReadAllTextAsync(work["tekton/IMAGE_DIGEST"]));
        return [.. scripts.Select(script => script.Text)];
    }

    /// <summary>As the systems run it, with the variables that their files set.</summary>
    private static async Task RunAsync(PipelineScript script, string folder, RegistryProcess registry, TempDirectory work, params IEnumerable<(string Name, string Value)> variables)
    {
        var environment = new Dictionary<string, string?>(TestProject.CliEnvironment)
        {
            ["MSBUILDTERMINALLOGGER"] = "off",
            ["ContainerRegistry"] = registry.Address,
            ["ContainerImageTag"] = "v1",
            ["GITHUB_OUTPUT"] = work["github"],
            ["MultiArchDotenvFile"] = work["image.env"],
            ["MultiArchDigestFile"] = work["image.digest"],
            ["MultiArchTektonResultsFolder"] = work["tekton"],
        };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        (await new CommandLine("sh", "-e", "-c", script.Text) { WorkingDirectory = folder, Environment = environment }.RunAsync()).ShouldSucceed();
    }

    [GeneratedRegex(@"linux-(x64|arm64)\b")]
    private static partial Regex RuntimeIdentifier();

    [GeneratedRegex(@"\bdotnet [a-z]")]
    private static partial Regex DotnetCommand();

    [GeneratedRegex(@"\$\{?(?<name>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex ShellVariable();

    /// <summary>To the end of a line of the page, or of Jenkins' text.</summary>
    [GeneratedRegex(@"sh '(?<command>dotnet [^'\n]*)'$|(?<!')(?<command>dotnet (publish|msbuild) [^\n`]*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Command();
}

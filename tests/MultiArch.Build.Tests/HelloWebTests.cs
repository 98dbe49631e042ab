using System.Text.Json.Nodes;
using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The README's first command on a fresh clone.</summary>
[TestClass]
public sealed class HelloWebTests
{
    [TestMethod]
    public async Task A_fresh_clone_publishes_both_platforms_with_one_command()
    {
        using var checkout = await CheckoutCopy.CreateAsync();

        var publish = (await checkout.PublishHelloWeb(arguments: "--tl:off").RunAsync()).ShouldSucceed();

        var layout = OciLayout.Read(checkout.HelloWebImage);
        Assert.AreEqual("linux/amd64 linux/arm64", string.Join(' ', layout.Images.Select(image => image.Platform)));
        Assert.Contains($"HelloWeb -> {checkout.HelloWebImage}@{layout.IndexDigest}", publish.Output);
        Assert.DoesNotContain("warning ", publish.Output);
        var report = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(checkout.HelloWebImage)!, "image.json")))!;
        foreach (var platform in report["platforms"]!.AsArray())
        {
            var packages = platform!["layers"]!.AsArray().Where(layer => ((string?)layer!["title"])!.StartsWith("system", StringComparison.Ordinal)).ToList();
            Assert.IsGreaterThan(1, packages.Count);
            Assert.IsLessThanOrEqualTo(26_000_000, packages.Sum(layer => (long)layer!["size"]!), $"{platform["platform"]}: packages as docs/os-packages.md says them.");
        }
    }

    [TestMethod]
    public async Task The_terminal_logger_shows_the_image()
    {
        Tool.Require("script");
        using var project = await TestProject.ConsoleAsync();
        var publish = new CommandLine("dotnet", "publish", "-p:PublishMultiArch=true", "-nodeReuse:false", "--tl:on") { WorkingDirectory = project.Folder, Environment = TestProject.CliEnvironment };
        var inTerminal = new CommandLine("script", "-qec", $"TERM=xterm {publish}", "/dev/null")
        {
            WorkingDirectory = publish.WorkingDirectory,
            Environment = publish.Environment,
        };

        var output = (await inTerminal.RunAsync()).ShouldSucceed().Output;

        Assert.Contains($"image@{OciLayout.Read(project.ImageFolder).IndexDigest}", output);
    }

    [TestMethod]
    public async Task Without_a_restore_there_is_one_line_that_says_so()
    {
        using var checkout = await CheckoutCopy.CreateAsync();

        var target = await new CommandLine("dotnet", "msbuild", "samples/HelloWeb", "-t:PublishMultiArchImage", "-p:Configuration=Release", "-nodeReuse:false", "--tl:off")
        {
            WorkingDirectory = checkout.Folder,
            Environment = TestProject.CliEnvironment,
        }.RunAsync();

        Assert.Contains("HelloWeb", target.ShouldFailWith(DiagnosticCodes.NotRestored));
    }

    [TestMethod]
    public async Task Another_folder_umask_time_zone_language_and_source_times_give_the_same_digest()
    {
        using var here = await CheckoutCopy.CreateAsync();
        using var there = await CheckoutCopy.CreateAsync();
        foreach (var file in Directory.EnumerateFiles(there.Folder, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/.git/", StringComparison.Ordinal)))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        }

        var first = (await here.PublishHelloWeb("022", new Dictionary<string, string?> { ["TZ"] = "UTC", ["LANG"] = "C" }, "--tl:off").RunAsync()).ShouldSucceed();
        var second = (await there.PublishHelloWeb("077", new Dictionary<string, string?> { ["TZ"] = "Asia/Kathmandu", ["LANG"] = "tr_TR.UTF-8", ["LC_ALL"] = "tr_TR.UTF-8" }, "--tl:off").RunAsync()).ShouldSucceed();

        Assert.AreEqual(first.PublishedDigest(), second.PublishedDigest());
    }
}

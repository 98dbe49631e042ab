using System.Text.Json.Nodes;
using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The README's first command on a fresh clone.</summary>
[TestClass]
public sealed class HelloWebTests
{
    [TestMethod]
    public async Task A_fresh_clone_publishes_both_platforms_with_one_command_and_to_the_same_digest_anywhere_else()
    {
        using var checkout = await CheckoutCopy.CreateAsync();

        var publish = (await checkout.PublishHelloWeb(environment: new Dictionary<string, string?> { ["TZ"] = "UTC", ["LANG"] = "C" }, arguments: "--tl:off").RunAsync()).ShouldSucceed();

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

        Assert.AreEqual(layout.IndexDigest.ToString(), await PublishElsewhereAsync(), "The package in place of the sources, another folder, umask, time zone, language and times of files: the same digest.");
    }

    private static async Task<string> PublishElsewhereAsync()
    {
        using var checkout = await CheckoutCopy.CreateWithPackageAsync();
        foreach (var file in Directory.EnumerateFiles(checkout.Folder, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/.git/", StringComparison.Ordinal)))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        }

        var environment = new Dictionary<string, string?> { ["TZ"] = "Asia/Kathmandu", ["LANG"] = "tr_TR.UTF-8", ["LC_ALL"] = "tr_TR.UTF-8" };
        return (await checkout.PublishHelloWeb("077", environment, "--tl:off").RunAsync()).ShouldSucceed().PublishedDigest();
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
        using var checkout = await CheckoutCopy.CreateWithPackageAsync();

        var target = await new CommandLine("dotnet", "msbuild", "samples/HelloWeb", "-t:PublishMultiArchImage", "-p:Configuration=Release", "-nodeReuse:false", "--tl:off")
        {
            WorkingDirectory = checkout.Folder,
            Environment = TestProject.CliEnvironment,
        }.RunAsync();

        Assert.Contains("HelloWeb", target.ShouldFailWith(DiagnosticCodes.NotRestored));
    }
}

using System.Text.RegularExpressions;
using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Each sample is published as its README says, with the packed package, and what can start here does.</summary>
[TestClass]
public sealed partial class SamplesTests
{
    private static readonly Lazy<Task<CheckoutCopy>> Checkout = new(CheckoutCopy.CreateWithPackageAsync);

    public required TestContext TestContext { get; init; }

    [ClassCleanup]
    public static async Task RemoveAsync()
    {
        if (Checkout.IsValueCreated)
        {
            (await Checkout.Value).Dispose();
        }
    }

    [TestMethod]
    public async Task Every_sample_has_a_test_and_a_README()
    {
        var samples = Directory.EnumerateDirectories(Path.Combine(RepositoryFolder.Path, "samples")).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray();

        CollectionAssert.AreEqual(new[] { "BasePerPlatform", "Blazor", "Drawing", "HelloWeb", "NativeAot", "PublishProfile", "StaticAssets", "TwoServices", "Worker", "pipelines" }, samples);
        foreach (var sample in samples.Where(sample => sample != "pipelines"))
        {
            var readme = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "samples", sample!, "README.md"));
            Assert.Contains($"dotnet publish samples/{sample}", readme);
        }
    }

    [TestMethod]
    public async Task The_worker_ticks_on_both_platforms()
    {
        var image = await PublishAsync("Worker", await FrameworkBaseAsync());

        foreach (var (platform, architecture) in new[] { ("linux/amd64", "X64"), ("linux/arm64", "Arm64") })
        {
            Assert.AreEqual("clocks", OciLayout.Read(image)[platform].Labels["com.example.team"]);
            Assert.Contains($"tick 1 on {architecture}", await RunToEndAsync(image, platform, new Dictionary<string, string> { ["Ticker__Count"] = "1" }));
        }
    }

    [TestMethod]
    public async Task The_Blazor_app_answers_with_its_page_and_its_asset_on_both_platforms()
    {
        var image = await PublishAsync("Blazor", await FrameworkBaseAsync());

        foreach (var (platform, architecture) in new[] { ("linux/amd64", "X64"), ("linux/arm64", "Arm64") })
        {
            await using var pulled = await PulledImage.PullAsync(PullClient.Skopeo, $"oci:{image}:latest", Platform.Parse(platform), TestContext.CancellationToken);
            await using var running = await RunningImage.StartAsync(pulled, cancellationToken: TestContext.CancellationToken);
            var page = await running.GetStringAsync("/", TestContext.CancellationToken);
            Assert.Contains($"Hello from {architecture}", page);
            var asset = page.Split("href=\"").Select(part => part.Split('"')[0]).Single(link => link.StartsWith("app.", StringComparison.Ordinal) && link.EndsWith(".css", StringComparison.Ordinal));
            Assert.Contains("font-family", await running.GetStringAsync($"/{asset}", TestContext.CancellationToken));
        }
    }

    [TestMethod]
    public async Task The_static_assets_have_one_digest_in_every_folder_and_at_every_time()
    {
        var image = await PublishAsync("StaticAssets", await FrameworkBaseAsync());

        using var elsewhere = await CheckoutCopy.CreateWithPackageAsync();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(elsewhere.Folder, "samples", "StaticAssets"), "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        }

        var other = await PublishAsync(elsewhere, "StaticAssets", await FrameworkBaseAsync());
        Assert.AreEqual(OciLayout.Read(image).IndexDigest, OciLayout.Read(other).IndexDigest);
        await using var pulled = await PulledImage.PullAsync(PullClient.Skopeo, $"oci:{image}:latest", Platform.LinuxAmd64, TestContext.CancellationToken);
        await using var running = await RunningImage.StartAsync(pulled, cancellationToken: TestContext.CancellationToken);
        Assert.Contains("<h1>Hello</h1>", await running.GetStringAsync("/index.html", TestContext.CancellationToken));
        using var asset = await running.GetAsync("/site.css", TestContext.CancellationToken);
        Assert.AreEqual(new DateTimeOffset(1980, 1, 1, 0, 0, 1, TimeSpan.Zero), asset.Content.Headers.LastModified);
    }

    [TestMethod]
    public async Task The_drawing_app_finds_the_font_and_draws_text_on_both_platforms()
    {
        Tool.Require("mmdebstrap", "apt-get");
        var image = await PublishAsync("Drawing", $"-p:ContainerBaseImage=oci:{await TestBase.GetAptLayoutAsync()}");

        foreach (var platform in new[] { "linux/amd64", "linux/arm64" })
        {
            await using var pulled = await PulledImage.PullAsync(PullClient.Skopeo, $"oci:{image}:latest", Platform.Parse(platform), TestContext.CancellationToken);
            await using var running = await RunningImage.StartAsync(pulled, cancellationToken: TestContext.CancellationToken);
            Assert.Contains("DejaVu Sans", await running.GetStringAsync("/", TestContext.CancellationToken));
            using var empty = await running.GetAsync("/card.png?text=", TestContext.CancellationToken);
            using var drawn = await running.GetAsync("/card.png?text=arm64", TestContext.CancellationToken);
            var (blank, text) = (await empty.Content.ReadAsByteArrayAsync(TestContext.CancellationToken), await drawn.Content.ReadAsByteArrayAsync(TestContext.CancellationToken));
            CollectionAssert.AreEqual("PNG"u8.ToArray(), text[1..4]);
            Assert.IsGreaterThan(blank.Length + 200, text.Length, "Letters cost bytes.");
        }
    }

    [TestMethod]
    public async Task The_solution_gives_each_service_its_image_and_the_library_none()
    {
        await PublishAsync("TwoServices", await FrameworkBaseAsync());

        var folder = Path.Combine((await Checkout.Value).Folder, "samples", "TwoServices");
        foreach (var service in new[] { "Api", "Mailer" })
        {
            Assert.HasCount(2, OciLayout.Read(ImageOf(folder, service)).Images);
        }

        Assert.IsFalse(Directory.Exists(ImageOf(folder, "Contracts")));
        foreach (var (platform, architecture) in new[] { ("linux/amd64", "X64"), ("linux/arm64", "Arm64") })
        {
            Assert.Contains($"Mailed: Order 1 of Ada ({architecture})", await RunToEndAsync(ImageOf(folder, "Mailer"), platform));
        }
    }

    [TestMethod]
    public async Task Each_platform_has_the_base_and_the_C_library_of_its_own()
    {
        Tool.Require("mmdebstrap");
        var (glibc, musl) = (await TestBase.GetLayoutAsync(), await TestBase.GetMuslLayoutAsync());

        var layout = OciLayout.Read(await PublishAsync("BasePerPlatform", $"-p:GlibcBase=oci:{glibc}", $"-p:MuslBase=oci:{musl}"));

        foreach (var (platform, libc, loader) in new[] { ("linux/amd64", "musl", "/lib/ld-musl-x86_64.so.1"), ("linux/arm64", "glibc", "/lib/ld-linux-aarch64.so.1") })
        {
            var image = layout[platform];
            Assert.AreEqual(libc, image.Labels["com.example.libc"]);
            using var program = new MemoryStream(image.Read("app/BasePerPlatform"));
            Assert.AreEqual(loader, Oci.Inspection.ElfFile.TryRead(program)!.Interpreter);
            Assert.IsTrue(image.Entries.Any(entry => entry.Name.EndsWith(Path.GetFileName(loader), StringComparison.Ordinal)), $"The base of {platform} has {loader}.");
        }
    }

    [TestMethod]
    public async Task The_Native_AOT_app_answers()
    {
        Tool.Require("gcc");
        var image = await PublishAsync("NativeAot", $"-p:ContainerBaseImage=oci:{await TestBase.GetLayoutAsync()}");

        var platform = OciLayout.Read(image).Images.Single();
        Assert.IsFalse(platform.Entries.Any(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal)), "Nothing is left to compile.");
        await using var pulled = await PulledImage.PullAsync(PullClient.Skopeo, $"oci:{image}:latest", platform.Platform, TestContext.CancellationToken);
        await using var running = await RunningImage.StartAsync(pulled, cancellationToken: TestContext.CancellationToken);
        Assert.Contains("compiled ahead of time", await running.GetStringAsync("/", TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task The_publish_profile_says_platforms_and_tag()
    {
        var layout = OciLayout.Read(await PublishAsync("PublishProfile", "-p:PublishProfile=Image", await FrameworkBaseAsync()));

        Assert.AreEqual("linux/amd64 linux/arm64", string.Join(' ', layout.Images.Select(image => image.Platform)));
        CollectionAssert.AreEqual(new[] { "profile" }, layout.Tags.ToArray());
    }

    private static async Task<string> FrameworkBaseAsync() => $"-p:ContainerBaseImage=oci:{await TestBase.GetFrameworkLayoutAsync()}";

    /// <returns>The folder of the image's layout.</returns>
    private static async Task<string> PublishAsync(string sample, params IEnumerable<string> arguments) => await PublishAsync(await Checkout.Value, sample, arguments);

    private static async Task<string> PublishAsync(CheckoutCopy checkout, string sample, params IEnumerable<string> arguments)
    {
        var publish = await BuildServer.DotnetAsync(checkout.Folder, ["publish", $"samples/{sample}", .. arguments]);
        var told = Faults().Matches(publish.ShouldSucceed().Output).Select(match => match.Value).Distinct();
        // Its image for musl misses what Debian does not have, and its README says so.
        string[] expected = sample == "BasePerPlatform" ? ["needs libgcc_s.so.1 for musl", "needs libstdc++.so.6 for musl"] : [];
        CollectionAssert.AreEqual(expected, told.Order(StringComparer.Ordinal).ToArray(), "What does not fit its platform is told.");
        return ImageOf(Path.Combine(checkout.Folder, "samples"), sample);
    }

    private static string ImageOf(string folder, string project) => Path.Combine(folder, project, "bin", "Release", TestProject.Framework, "image");

    private async Task<string> RunToEndAsync(string image, string platform, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var pulled = await PulledImage.PullAsync(PullClient.Skopeo, $"oci:{image}:latest", Platform.Parse(platform), TestContext.CancellationToken);
        return (await RunningImage.RunToEndAsync(pulled, environment, cancellationToken: TestContext.CancellationToken)).ShouldSucceed().Output;
    }

    /// <summary>What was found, or for other faults the line.</summary>
    [GeneratedRegex(@"needs \S+ for \w+(?=, which)|(?:warning|error) MARCH30(?!29)[23]\d.*")]
    private static partial Regex Faults();
}

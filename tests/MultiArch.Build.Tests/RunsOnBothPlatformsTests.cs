using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The promise itself: HelloWeb is pushed on a base, pulled for each platform by somebody else's client, and answers.</summary>
[TestClass]
public sealed class RunsOnBothPlatformsTests
{
    private static RegistryProcess? Registry;
    private static string? Reference;

    public required TestContext TestContext { get; init; }

    [ClassInitialize]
    public static async Task PushAsync(TestContext context)
    {
        Tool.Require("skopeo", "buildah", "docker-registry", "mmdebstrap");
        Registry = await RegistryProcess.StartAsync(context.CancellationToken);
        var @base = $"{Registry.Address}/base:latest";
        (await new CommandLine("skopeo", "copy", "--all", "--dest-tls-verify=false", $"oci:{await TestBase.GetLayoutAsync()}:latest", $"docker://{@base}").RunAsync()).ShouldSucceed();
        using var checkout = await CheckoutCopy.CreateWithPackageAsync();
        (await checkout.PublishHelloWeb(arguments: ["--tl:off", $"-p:ContainerBaseImage={@base}", $"-p:ContainerRegistry={Registry.Address}"]).RunAsync()).ShouldSucceed();
        Reference = $"{Registry.Address}/helloweb:latest";
    }

    [ClassCleanup]
    public static void Stop() => Registry?.Dispose();

    [TestMethod]
    [DataRow(PullClient.Skopeo, "linux/amd64", "X64")]
    [DataRow(PullClient.Skopeo, "linux/arm64", "Arm64")]
    [DataRow(PullClient.Buildah, "linux/amd64", "X64")]
    [DataRow(PullClient.Buildah, "linux/arm64", "Arm64")]
    public async Task The_pulled_image_answers(PullClient client, string platform, string architecture)
    {
        await using var image = await PulledImage.PullAsync(client, Reference!, Platform.Parse(platform), TestContext.CancellationToken);
        Assert.AreEqual(platform, image.Config.Platform.ToString());

        await using var running = await RunningImage.StartAsync(image, cancellationToken: TestContext.CancellationToken);

        Assert.Contains($"Hello from {architecture} on .NET 10", await running.GetStringAsync("/", TestContext.CancellationToken));
        Assert.Contains("42 from SQLite 3", await running.GetStringAsync("/sqlite", TestContext.CancellationToken));
        using var health = await running.GetAsync("/health", TestContext.CancellationToken);
        Assert.AreEqual(System.Net.HttpStatusCode.OK, health.StatusCode);
    }
}

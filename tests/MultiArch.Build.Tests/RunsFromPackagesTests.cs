using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>HelloWeb on no base at all: the README's first command gives an image that runs, as its own user, with ICU, time zones and certificates from packages.</summary>
[TestClass]
public sealed class RunsFromPackagesTests
{
    private static readonly TestCertificateAuthority Authority = new();
    private static ScriptedRegistry? Server;
    private static RegistryProcess? Registry;
    private static string? Reference;

    public required TestContext TestContext { get; init; }

    [ClassInitialize]
    public static async Task PushAsync(TestContext context)
    {
        Tool.Require("skopeo", "buildah", "docker-registry", "apt-get");
        Registry = await RegistryProcess.StartAsync(context.CancellationToken);
        Server = new ScriptedRegistry(new ServerTls(Authority.IssueServer())) { Otherwise = new Reply(200) };
        using var checkout = await CheckoutCopy.CreateWithPackageAsync();
        var certificates = Directory.CreateDirectory(Path.Combine(checkout.Folder, "samples", "HelloWeb", "certificates")).FullName;
        await File.WriteAllTextAsync(Path.Combine(certificates, "test.crt"), Authority.Pem, context.CancellationToken);
        (await checkout.PublishHelloWeb(arguments: ["--tl:off", $"-p:ContainerRegistry={Registry.Address}"]).RunAsync()).ShouldSucceed();
        Reference = $"{Registry.Address}/helloweb:latest";
    }

    [ClassCleanup]
    public static void Stop()
    {
        Registry?.Dispose();
        Server?.Dispose();
        Authority.Dispose();
    }

    [TestMethod]
    [DataRow(PullClient.Skopeo, "linux/amd64", "X64")]
    [DataRow(PullClient.Skopeo, "linux/arm64", "Arm64")]
    public async Task The_pulled_image_answers_everything_that_packages_are_for(PullClient client, string platform, string architecture)
    {
        await using var image = await PulledImage.PullAsync(client, Reference!, Platform.Parse(platform), TestContext.CancellationToken);
        var environment = new Dictionary<string, string> { ["TLS_ADDRESS"] = Server!.Origin + "/" };

        await using var running = await RunningImage.StartAsync(image, environment, cancellationToken: TestContext.CancellationToken);

        Assert.Contains($"Hello from {architecture} on .NET 10", await running.GetStringAsync("/", TestContext.CancellationToken));
        using var health = await running.GetAsync("/health", TestContext.CancellationToken);
        Assert.AreEqual(System.Net.HttpStatusCode.OK, health.StatusCode);
        Assert.Contains("42 from SQLite 3", await running.GetStringAsync("/sqlite", TestContext.CancellationToken));
        Assert.AreEqual("1.234.567,89 am Sonntag, 1. März 2026\n", await running.GetStringAsync("/culture", TestContext.CancellationToken));
        Assert.AreEqual("2026-07-01 17:45 +05:45\n", await running.GetStringAsync("/time-zone", TestContext.CancellationToken));
        Assert.AreEqual($"200 from {Server.Origin}/\n", await running.GetStringAsync("/tls", TestContext.CancellationToken));
    }

    [TestMethod]
    [DataRow("linux/amd64")]
    [DataRow("linux/arm64")]
    public async Task It_runs_as_the_user_app_and_not_as_root(string platform)
    {
        await using var image = await PulledImage.PullAsync(PullClient.Skopeo, Reference!, Platform.Parse(platform), TestContext.CancellationToken);

        Assert.AreEqual("1654", image.Config.Config!.User);
        Assert.Contains("app:x:1654:1654:", await File.ReadAllTextAsync(Path.Combine(image.RootFileSystem, "etc", "passwd"), TestContext.CancellationToken));
    }
}

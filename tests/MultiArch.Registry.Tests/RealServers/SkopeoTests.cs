using System.Text.RegularExpressions;
using MultiArch.Oci;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;
using MultiArch.Registry.Tests.Model;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.RealServers;

/// <summary>The same image to the same registry through the same nginx, by skopeo and by us, compared with the table in docs/reliability.md.</summary>
[TestClass]
public sealed partial class SkopeoTests(TestContext context)
{
    private const int Timeout = 180_000;
    private const string Version = "1.9.3";

    private CancellationToken Token => context.CancellationToken;

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("413")]
    [DataRow("429 with Retry-After")]
    [DataRow("503")]
    [DataRow("405 to HEAD")]
    [DataRow("cut connection")]
    [DataRow("http Location behind TLS")]
    public async Task What_the_page_says_of_skopeo_and_of_us_is_what_happens(string fault)
    {
        Tool.Require("skopeo");
        var version = (await new CommandLine("skopeo", "--version").RunAsync(Token)).ShouldSucceed().StandardOutput.Trim();
        if (!version.EndsWith($" {Version}", StringComparison.Ordinal))
        {
            Assert.Inconclusive($"The page tells of skopeo {Version}, and here is {version}.");
        }

        using var authority = new TestCertificateAuthority();
        using var certificate = fault.Contains("TLS", StringComparison.Ordinal) ? authority.IssueServer() : null;
        using var registry = await RegistryProcess.StartAsync(Token);
        using var nginx = await NginxProcess.StartAsync(registry.Address, Fault(fault), Token, certificate);
        using var image = new ModelImage(size: 3_000_000);

        var skopeo = await CopyAsync(image, nginx.Address, certificate is null ? null : authority);
        var ours = await PushAsync(image, nginx.Address, registry.Address, authority);

        context.WriteLine($"skopeo: {skopeo.Output}\nours: {ours}");
        var row = Row().Matches(await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "docs", "reliability.md"), Token))
            .Single(row => row.Groups["fault"].Value == fault);
        Assert.AreEqual($"| {fault} | {(skopeo.ExitCode == 0 ? "pushes" : "fails")} | {(ours is null ? "pushes" : "fails")} |", row.Value, $"{skopeo.Output}\n{ours}");
    }

    private static NginxFault Fault(string name) => name switch
    {
        "413" => NginxFault.TooLarge("1m"),
        "429 with Retry-After" => NginxFault.TooManyRequests,
        "503" => NginxFault.Unavailable,
        "405 to HEAD" => NginxFault.NoHead,
        "cut connection" => NginxFault.Cut,
        _ => NginxFault.None,
    };

    private async Task<CommandResult> CopyAsync(ModelImage image, string address, TestCertificateAuthority? authority)
    {
        using var folder = new TempDirectory();
        using (var layout = ImageLayout.Create(folder["layout"]))
        {
            using var transport = new RegistryTransport();
            using var sources = new ImageSources(transport);
            var request = new PublishRequest(image.Plans("scratch"), image.Folder, ["1.0"], ImageFormat.Oci, image.CreateWorkFolder());
            await new ImagePublisher(layout, sources, new Progress<PublishEvent>(), TimeProvider.System).PublishAsync(request, Token);
        }

        string[] trust = ["--dest-tls-verify=false"];
        if (authority is not null)
        {
            folder.Write("certificates/ca.crt", authority.Pem);
            trust = ["--dest-cert-dir", folder["certificates"]];
        }

        return await new CommandLine(
            "skopeo", ["--insecure-policy", "copy", "--all", .. trust, $"oci:{folder["layout"]}:1.0", $"docker://{address}/skopeo:1.0"]).RunAsync(Token);
    }

    /// <returns>What was said of a failure; null for success.</returns>
    private async Task<string?> PushAsync(ModelImage image, string address, string registry, TestCertificateAuthority authority)
    {
        var options = new RegistryOptions { CertificateAuthorities = [authority.Certificate], Retries = RetryLimits.Default with { Attempts = 12 } };
        try
        {
            var report = await new Push(address, options).RunAsync(image, Token);
            await new Push(registry).AssertWholeAsync("1.0", report.Target.Digest, Token);
            return null;
        }
        catch (MultiArchException e)
        {
            return e.Message;
        }
    }

    [GeneratedRegex(@"^\| (?<fault>[^|]+) \| (pushes|fails) \| (pushes|fails) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}

using System.Security.Cryptography.X509Certificates;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Registry.Tests.Model;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.RealServers;

/// <summary>A docker-registry behind an nginx that does what proxies do.</summary>
[TestClass]
public sealed class NginxTests(TestContext context) : IDisposable
{
    private const int Timeout = 120_000;

    private readonly TestCertificateAuthority _authority = new();

    private CancellationToken Token => context.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "16")]
    public Task A_proxy_that_takes_no_large_body_gets_chunks() => PushesAsync(NginxFault.TooLarge("1m"), size: 3_000_000);

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow("1m")]
    [DataRow("0")] // no limit
    [TestProperty("Catalogue", "16")]
    public async Task By_HTTP_2_large_bodies_are_sent_without_asking_first_and_a_refusal_is_heard_all_the_same(string limit)
    {
        using var certificate = _authority.IssueServer();

        await PushesAsync(NginxFault.TooLargeByHttp2(limit), size: 3_000_000, certificate);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "12")]
    public async Task A_proxy_that_wants_fewer_requests_is_waited_for()
    {
        var push = await PushesAsync(NginxFault.TooManyRequests);

        var waits = push.RegistryEvents.OfType<RegistryEvent.Retrying>().ToList();
        Assert.IsNotEmpty(waits);
        Assert.IsTrue(waits.All(wait => wait.Delay >= TimeSpan.FromSeconds(1)), "As long as Retry-After says.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "11")]
    public Task A_proxy_whose_registry_is_away_for_moments_is_asked_again() => PushesAsync(NginxFault.Unavailable);

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "4")]
    public Task A_proxy_that_hangs_up_is_called_again() => PushesAsync(NginxFault.Cut);

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "17")]
    public Task A_proxy_that_knows_no_HEAD_is_asked_otherwise() => PushesAsync(NginxFault.NoHead);

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "22")]
    public Task A_proxy_that_drops_the_digest_is_not_needed_for_it() => PushesAsync(NginxFault.NoDigest);

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "28")]
    public async Task A_proxy_that_ends_TLS_and_does_not_say_so_is_followed_by_https()
    {
        using var certificate = _authority.IssueServer();

        var push = await PushesAsync(NginxFault.None, certificate: certificate);

        Assert.HasCount(1, push.RegistryEvents.OfType<RegistryEvent.LocationUpgraded>(), "Told once.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "73")]
    public async Task Blobs_that_are_kept_elsewhere_are_read_there_as_anybody()
    {
        using var registry = await RegistryProcess.StartAsync(new RegistryProcessOptions { Login = RealLogin.Login }, Token);
        using var nginx = await NginxProcess.StartAsync(registry.Address, NginxFault.OtherOrigin with { Other = $"proxy_set_header Host $http_host; proxy_set_header Authorization \"{RealLogin.Login.Basic}\";" }, Token);
        var push = new Push(nginx.Address, Options() with { Credentials = new RealLogin() });
        using var image = new ModelImage();

        var report = await push.RunAsync(image, Token);

        await push.AssertWholeAsync("1.0", report.Target.Digest, Token);
    }

    /// <summary>Publishes two platforms through nginx and reads every byte back, without nginx.</summary>
    private async Task<Push> PushesAsync(
        NginxFault fault, int size = 16, X509Certificate2? certificate = null)
    {
        using var registry = await RegistryProcess.StartAsync(Token);
        using var nginx = await NginxProcess.StartAsync(registry.Address, fault, Token, certificate);
        using var image = new ModelImage(size);
        var push = new Push(nginx.Address, Options() with { CertificateAuthorities = [_authority.Certificate] });

        var report = await push.RunAsync(image, Token);

        await new Push(registry.Address).AssertWholeAsync("1.0", report.Target.Digest, Token);
        return push;
    }

    // Short steps, so that what a test waits for is what a server asks for.
    private static RegistryOptions Options() => new() { Retries = RetryLimits.Default with { Attempts = 12, Step = TimeSpan.FromSeconds(0.05) } };
}

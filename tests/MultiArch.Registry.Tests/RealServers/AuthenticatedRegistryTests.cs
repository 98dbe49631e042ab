using System.Net;
using MultiArch.Oci;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Registry;
using MultiArch.Registry.Tests.Model;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.RealServers;

/// <summary>Debian's docker-registry with users.</summary>
[TestClass]
public sealed class AuthenticatedRegistryTests(TestContext context)
{
    private const int Timeout = 120_000;

    private CancellationToken Token => context.CancellationToken;

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task By_password_and_TLS()
    {
        using var authority = new TestCertificateAuthority();
        using var certificate = authority.IssueServer();
        using var registry = await RegistryProcess.StartAsync(new RegistryProcessOptions { Certificate = certificate, Login = RealLogin.Login }, Token);
        using var image = new ModelImage();
        var push = new Push(registry.Address, new RegistryOptions { Credentials = new RealLogin(), CertificateAuthorities = [authority.Certificate] });

        var report = await push.RunAsync(image, Token, "1.0", "latest");

        await push.AssertWholeAsync("latest", report.Target.Digest, Token);
        CollectionAssert.AreEqual(new[] { "1.0", "latest" }, registry.Tags("app").ToArray());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task With_a_wrong_password_it_is_told_and_nothing_is_there()
    {
        using var registry = await RegistryProcess.StartAsync(new RegistryProcessOptions { Login = new Login("alice", "another") }, Token);
        using var image = new ModelImage();
        var push = new Push(registry.Address, new RegistryOptions { Credentials = new RealLogin() });

        await RegistryAssert.FailsAsync(() => push.RunAsync(image, Token), DiagnosticCodes.RegistryUnauthorized, registry.Address, "the test");

        Assert.IsEmpty(registry.Tags("app"));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task By_tokens()
    {
        using var tokens = new TokenServer(RealLogin.Login, TimeSpan.FromMinutes(5));
        using var registry = await RegistryProcess.StartAsync(new RegistryProcessOptions { Tokens = tokens }, Token);
        using var image = new ModelImage();
        var push = new Push(registry.Address, new RegistryOptions { Credentials = new RealLogin() });

        var report = await push.RunAsync(image, Token);

        Assert.IsLessThanOrEqualTo(2, tokens.Requests.Count, "However many requests want a token, it is asked for once; and once more for the right to push.");
        await push.AssertWholeAsync("1.0", report.Target.Digest, Token);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "68")]
    public async Task A_token_that_ends_in_the_middle_is_renewed()
    {
        using var tokens = new TokenServer(RealLogin.Login, TimeSpan.FromSeconds(2));
        using var registry = await RegistryProcess.StartAsync(new RegistryProcessOptions { Tokens = tokens }, Token);
        using var image = new ModelImage();
        var hasWaited = false;
        var push = new Push(registry.Address, new RegistryOptions { Credentials = new RealLogin() })
        {
            // Layers are sent when their session has been opened: with the first token.
            OnEvent = told =>
            {
                if (told is PublishEvent.ManifestWritten && !hasWaited)
                {
                    hasWaited = true;
                    WaitUntilRefused(registry.Address, tokens.Tokens.ToList());
                }
            },
        };

        var report = await push.RunAsync(image, Token);

        Assert.IsTrue(hasWaited);
        Assert.IsGreaterThanOrEqualTo(2, tokens.Tokens.Count);
        await push.AssertWholeAsync("1.0", report.Target.Digest, Token);
    }

    /// <summary>Asks the registry itself, so that nothing depends on whose clock is right.</summary>
    private void WaitUntilRefused(string address, IReadOnlyList<string> tokens)
    {
        using var client = new HttpClient();
        foreach (var token in tokens)
        {
            HttpStatusCode status;
            do
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{address}/v2/"));
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
                using var response = client.Send(request, Token);
                status = response.StatusCode;
                Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(0.1));
                Token.ThrowIfCancellationRequested();
            }
            while (status is not HttpStatusCode.Unauthorized);
        }
    }
}

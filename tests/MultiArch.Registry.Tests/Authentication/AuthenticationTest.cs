using System.Text;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.Authentication;

/// <summary>A registry that asks who asks, and the token service that it names.</summary>
public abstract class AuthenticationTest : TransportTest
{
    protected const string Manifest = "/v2/app/manifests/1.0";

    protected AuthenticationTest(TestContext context)
        : base(context)
    {
        Registry = Own(new ScriptedRegistry());
        Tokens = Own(new ScriptedRegistry());
    }

    private protected static Credential Alice { get; } = new("alice", "s3cret-of-alice", "the file ~/.docker/config.json");

    private protected static Credential Identity { get; } = new("", "refresh-s3cret", "the credential helper docker-credential-acr") { IsIdentityToken = true };

    protected ScriptedRegistry Registry { get; }

    protected ScriptedRegistry Tokens { get; }

    protected string BearerChallenge => $"Bearer realm=\"{Tokens.Origin}/token\",service=\"registry.test\"";

    protected static string Basic(string user, string password) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";

    protected static Reply Token(string token, string more = "") => new(200, $"{{\"token\":\"{token}\"{more}}}");

    protected static Reply Unauthorized(string challenge) =>
        new(401, """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}""") { MoreHeaders = { ("WWW-Authenticate", challenge) } };

    /// <summary>Requests that say anything else than this are asked who they are; those that say it are served.</summary>
    protected void Require(string authorization, string? challenge = null)
    {
        Registry.On(request => request.Authorization != authorization, Unauthorized(challenge ?? BearerChallenge), times: 100);
        Registry.On(_ => true, new Reply(200, "ok"), times: 100);
    }

    private protected RegistryTransport As(params Credential[] credentials) => Reach(new Logins(credentials));

    private protected RegistryTransport Reach(ICredentialSource? credentials) =>
        Transport(Options with { Credentials = credentials, Retries = RetryLimits.None });

    private protected Task<string> ReadAsync(RegistryTransport transport) => AskAsync(transport, Registry.Address);

    private protected async Task<RegistryResponse> SendAsync(
        RegistryTransport transport, HttpMethod method, string path, RegistryAccess access = RegistryAccess.Push, string? mountFrom = null, RequestBody? body = null)
    {
        var address = Address(Registry.Address, transport);
        var request = new RegistryRequest(method, new Uri($"{Registry.Origin}{path}"), address, "store a blob in app") { Access = access, MountFrom = mountFrom, Body = body };
        return await transport.SendAsync(request, CancellationToken);
    }
}

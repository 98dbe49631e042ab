using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace MultiArch.Testing;

/// <summary>Gives out tokens that a docker-registry takes: signed by RS256, with the certificate beside them.</summary>
/// <remarks>https://github.com/distribution/distribution/blob/v2.8.2/docs/spec/auth/jwt.md</remarks>
public sealed class TokenServer : IDisposable
{
    public const string Service = "test-registry";
    public const string Issuer = "test-tokens";

    // docker-registry takes a token for that long after its end.
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly ConcurrentBag<string> _tokens = [];
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;
    private readonly LoopbackServer _server;
    private readonly Login _login;
    private readonly TimeSpan _lifetime;

    /// <param name="lifetime">How long the registry takes a token. The answer calls it seconds, and at least 1.</param>
    public TokenServer(Login login, TimeSpan lifetime)
    {
        _login = login;
        _lifetime = lifetime;
        var request = new CertificateRequest("CN=test tokens", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        _server = new LoopbackServer(_ => new Treatment(Answer), _requests);
    }

    public string Realm => $"{_server.Origin}/token";

    /// <summary>What the registry has to know as <c>rootcertbundle</c>.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    /// <summary>Every token that was given out.</summary>
    public IReadOnlyCollection<string> Tokens => _tokens;

    public void Dispose()
    {
        _server.Dispose();
        _certificate.Dispose();
        _key.Dispose();
    }

    private Reply Answer(ReceivedRequest request)
    {
        if (request.Method is not "GET" || request.Path != "/token")
        {
            return new Reply(404); // As GCR answers a POST.
        }

        if (request.Authorization != _login.Basic)
        {
            return new Reply(401, """{"errors":[{"code":"UNAUTHORIZED","message":"incorrect username or password"}]}""");
        }

        var token = Sign(request.Query("scope").SelectMany(scope => scope.Split(' ')));
        _tokens.Add(token);
        return new Reply(200, JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["token"] = token,
            ["expires_in"] = Math.Max(1, (int)_lifetime.TotalSeconds),
        }));
    }

    private string Sign(IEnumerable<string> scopes)
    {
        var now = DateTimeOffset.UtcNow;
        var header = new Dictionary<string, object> { ["typ"] = "JWT", ["alg"] = "RS256", ["x5c"] = new[] { Convert.ToBase64String(_certificate.RawData) } };
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["sub"] = _login.Username,
            ["aud"] = Service,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = (now - Leeway).ToUnixTimeSeconds(),
            ["exp"] = (now + _lifetime - Leeway).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["access"] = scopes
                .Select(scope => scope.Split(':'))
                .Where(parts => parts.Length == 3)
                .Select(parts => new Dictionary<string, object> { ["type"] = parts[0], ["name"] = parts[1], ["actions"] = parts[2].Split(',') })
                .ToArray(),
        };
        var signed = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{signed}.{Encode(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}

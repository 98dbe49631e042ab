using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace MultiArch.Testing.InMemory;

/// <summary>Lets in who has the password, or a token that was given for it.</summary>
/// <remarks>https://github.com/distribution/distribution/blob/v3.0.0/docs/content/spec/auth/token.md</remarks>
internal sealed class Gatekeeper(Login login, LoginScheme scheme)
{
    private readonly ConcurrentDictionary<string, bool> _tokens = new();
    private readonly ConcurrentBag<string> _issued = [];

    /// <summary>Every token that was ever given out.</summary>
    public IReadOnlyCollection<string> Issued => _issued;

    public bool Lets(ReceivedRequest request) => scheme is LoginScheme.Basic
        ? request.Authorization == login.Basic
        : request.Authorization is { } header && header.StartsWith("Bearer ", StringComparison.Ordinal) && _tokens.ContainsKey(header["Bearer ".Length..]);

    public void ExpireTokens() => _tokens.Clear();

    /// <summary>401 with what the client has to do about it.</summary>
    public Reply Challenge(RegistryCall call, string origin) => new(401, """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}""")
    {
        Headers =
        {
            ["WWW-Authenticate"] = scheme is LoginScheme.Basic
                ? "Basic realm=\"test\""
                : $"Bearer realm=\"{origin}/token\",service=\"test\",scope=\"repository:{call.Repository}:pull,push\"",
        },
    };

    /// <summary>What the token service answers.</summary>
    public Reply GiveToken(ReceivedRequest request)
    {
        if (request.Authorization != login.Basic)
        {
            return new Reply(401, """{"errors":[{"code":"UNAUTHORIZED","message":"incorrect username or password"}]}""");
        }

        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        _tokens[token] = true;
        _issued.Add(token);
        return new Reply(200, $$"""{"token":"{{token}}","expires_in":300}""");
    }
}

using System.Text;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>What a request says about who asks. Has no text of its own that could come into a log.</summary>
internal sealed class AuthorizationHeader
{
    private AuthorizationHeader(string value, Credential? credential)
    {
        Value = value;
        Credential = credential;
    }

    /// <summary>The value of the <c>Authorization</c> header.</summary>
    public string Value { get; }

    /// <summary>Who asks, directly or by a token; null for anybody.</summary>
    public Credential? Credential { get; }

    /// <summary>Null for a password.</summary>
    public AccessToken? Token { get; private init; }

    /// <summary>What the token was asked for; null for a password.</summary>
    public AccessScopes? Scopes { get; private init; }

    /// <remarks>https://www.rfc-editor.org/rfc/rfc7617, in UTF-8: ASCII would break every other password.</remarks>
    public static AuthorizationHeader Basic(Credential credential)
    {
        var user = credential.IsIdentityToken ? Credential.IdentityTokenUser : credential.Username;
        return new AuthorizationHeader($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{credential.Secret}"))}", credential);
    }

    public static AuthorizationHeader Bearer(AccessToken token, AccessScopes scopes, Credential? credential) =>
        new($"Bearer {token.Value}", credential) { Token = token, Scopes = scopes };

    /// <summary>What a server says, but for a text that says back what only it should know. Its code stays, since what is done next depends on it.</summary>
    public RegistryError Redact(RegistryError error) => new(IsIn(error.Code, shortest: 8) ? "" : error.Code, IsIn(error.Message, shortest: 1) ? "" : error.Message);

    /// <summary>Whether a text holds a secret, or its beginning: texts are cut.</summary>
    private bool IsIn(string text, int shortest) =>
        Secrets().Any(secret => secret.Length >= shortest && text.Contains(secret[..Math.Min(secret.Length, 12)], StringComparison.Ordinal));

    private IEnumerable<string> Secrets()
    {
        yield return Value[(Value.IndexOf(' ') + 1)..];
        if (Credential is { } credential)
        {
            yield return credential.Secret;
        }
    }
}

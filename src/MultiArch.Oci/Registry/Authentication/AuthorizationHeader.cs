using System.Text;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>What a request says about who asks. Has no text of its own that could come into a log.</summary>
internal sealed class AuthorizationHeader
{
    private AuthorizationHeader(string? value, Credential? credential)
    {
        Value = value;
        Credential = credential;
    }

    /// <summary>The value of the <c>Authorization</c> header; null for none, where the request's body says it.</summary>
    public string? Value { get; }

    /// <summary>Who asks, directly or by a token; null for anybody.</summary>
    public Credential? Credential { get; }

    /// <summary>Whether the registry has taken the password before, for whatever it was: what it then answers with 401 is a missing right.</summary>
    public bool WasTaken { get; private init; }

    /// <summary>Null for a password.</summary>
    public AccessToken? Token { get; private init; }

    /// <summary>What the token was asked for; null for a password.</summary>
    public AccessScopes? Scopes { get; private init; }

    /// <remarks>https://www.rfc-editor.org/rfc/rfc7617, in UTF-8: ASCII would break every other password.</remarks>
    /// <param name="wasTaken">As for <see cref="WasTaken"/>.</param>
    public static AuthorizationHeader Basic(Credential credential, bool wasTaken = false) => new($"Basic {Encode(credential)}", credential) { WasTaken = wasTaken };

    /// <summary>For a request whose body says who asks.</summary>
    public static AuthorizationHeader Posted(Credential credential) => new(value: null, credential);

    public static AuthorizationHeader Bearer(AccessToken token, AccessScopes scopes, Credential? credential) =>
        new($"Bearer {token.Value}", credential) { Token = token, Scopes = scopes };

    /// <summary>What a server says, but for a text that says back what only it should know. Its code stays, since what is done next depends on it.</summary>
    public RegistryError Redact(RegistryError error) => new(IsIn(error.Code, shortest: 8) ? "" : error.Code, IsIn(error.Message) ? "" : error.Message);

    /// <summary>Whether a text says back what only the server should know.</summary>
    public bool IsIn(string text) => IsIn(text, shortest: 1);

    private static string Encode(Credential credential)
    {
        var user = credential.IsIdentityToken ? Credential.IdentityTokenUser : credential.Username;
        return Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{credential.Secret}"));
    }

    /// <summary>Whether a text holds a secret, or its beginning: texts are cut.</summary>
    private bool IsIn(string text, int shortest) =>
        Secrets().Any(secret => secret.Length >= shortest && text.Contains(secret[..Math.Min(secret.Length, 12)], StringComparison.Ordinal));

    private IEnumerable<string> Secrets()
    {
        if (Token is { } token)
        {
            yield return token.Value;
        }

        if (Credential is { } credential)
        {
            yield return credential.Secret;
            yield return OneLine.Of(credential.Secret); // as it is in a message
            yield return Uri.EscapeDataString(credential.Secret);
            yield return Encode(credential);
        }
    }
}

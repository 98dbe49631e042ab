using System.Text;
using System.Text.Json;

namespace MultiArch.Oci.Registry.Credentials;

/// <summary>A file in which docker or podman keeps logins.</summary>
/// <remarks>
/// https://docs.docker.com/reference/cli/docker/login/#credential-stores and
/// https://github.com/containers/image/blob/v5.36.0/docs/containers-auth.json.5.md
/// </remarks>
internal sealed class DockerConfig
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, JsonElement> _auths;
    private readonly Dictionary<string, JsonElement> _helpers;

    private DockerConfig(JsonElement auths, JsonElement helpers, string? helperForAll)
    {
        _auths = ByKey(auths);
        _helpers = ByKey(helpers);
        HelperForAll = helperForAll;
    }

    /// <summary>The ending of the name of the helper that may have any registry's login; null for none.</summary>
    public string? HelperForAll { get; }

    /// <param name="isLegacy">Whether it is a <c>.dockercfg</c>, which has entries and nothing around them.</param>
    /// <exception cref="FormatException">It is no such file; the message, a line with its full stop, says why and quotes nothing.</exception>
    public static DockerConfig Parse(ReadOnlyMemory<byte> content, bool isLegacy = false)
    {
        if (content.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw new FormatException("It is empty.");
        }

        if (content.Span.StartsWith("\uFEFF"u8))
        {
            throw new FormatException("It begins with a byte order mark, which docker does not read either.");
        }

        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement.Clone();
            return root.ValueKind is not JsonValueKind.Object ? throw new FormatException("It is no JSON object.")
                : isLegacy ? new DockerConfig(root, default, null)
                : new DockerConfig(Member(root, "auths"), Member(root, "credHelpers"), Text(Member(root, "credsStore")));
        }
        catch (JsonException e)
        {
            // Its own message may quote the file.
            throw new FormatException($"It is no JSON from line {e.LineNumber + 1} on.");
        }
        catch (InvalidOperationException)
        {
            throw new FormatException("It holds a name that is no text."); // A lone surrogate.
        }
    }

    /// <summary>The ending of the name of the helper that is for a registry; null for none.</summary>
    public string? HelperFor(string registry)
    {
        try
        {
            return CredentialHost.Names(registry).Select(name => Text(_helpers.GetValueOrDefault(name))).FirstOrDefault(helper => helper is not null);
        }
        catch (InvalidOperationException)
        {
            throw new FormatException($"The helper of {registry} is no text."); // A lone surrogate.
        }
    }

    /// <param name="source">As in <see cref="Credential.Source"/>.</param>
    /// <returns>The login for a repository; null when there is none. An entry without content says that a helper has it.</returns>
    /// <exception cref="FormatException">There is one that cannot be read; the message, a line with its full stop, says why and quotes no secret.</exception>
    public Credential? Find(ImageReference repository, string source)
    {
        foreach (var key in CredentialHost.Keys(repository))
        {
            if (_auths.TryGetValue(key, out var entry) && Read(entry, key, source) is { } credential)
            {
                return credential;
            }
        }

        return null;
    }

    private static Dictionary<string, JsonElement> ByKey(JsonElement element)
    {
        var byKey = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (element.ValueKind is JsonValueKind.Object)
        {
            // What is written as we look for it comes before what only means the same.
            var members = element.EnumerateObject().ToLookup(member => CredentialHost.Normalize(member.Name) == member.Name);
            foreach (var member in members[true].Reverse().Concat(members[false])) // Of two with one name docker takes the last.
            {
                byKey.TryAdd(CredentialHost.Normalize(member.Name), member.Value);
            }
        }

        return byKey;
    }

    private static Credential? Read(JsonElement entry, string key, string source)
    {
        try
        {
            if (Text(Member(entry, "identitytoken")) is { } identityToken)
            {
                return new Credential("", identityToken, source) { IsIdentityToken = true };
            }

            if (Text(Member(entry, "auth")) is { } auth)
            {
                return Decode(auth, source) ?? throw new FormatException($"The 'auth' of {OneLine.Of(key)} is not base64 of user:password in UTF-8.");
            }

            return Text(Member(entry, "username")) is { } username && Text(Member(entry, "password")) is { } password
                ? Credential.Of(username, password, source)
                : null;
        }
        catch (InvalidOperationException)
        {
            throw new FormatException($"The entry of {OneLine.Of(key)} holds a value that is no text."); // A lone surrogate.
        }
    }

    private static Credential? Decode(string auth, string source)
    {
        try
        {
            var text = StrictUtf8.GetString(Convert.FromBase64String(auth));
            var colon = text.IndexOf(':'); // A user has none, a password may.
            var password = text[(colon + 1)..].TrimEnd('\0'); // podman once padded with them.
            return colon > 0 && password.Length > 0 ? Credential.Of(text[..colon], password, source) : null;
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement value) => value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}

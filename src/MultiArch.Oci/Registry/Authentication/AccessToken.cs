using System.Text.Json;

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>What a token service hands out for a registry. Has no text of its own that could come into a log.</summary>
/// <remarks>https://github.com/distribution/distribution/blob/v3.0.0/docs/content/spec/auth/token.md#token-response-fields</remarks>
internal sealed class AccessToken
{
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(60); // the specification's, and the default
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(1);

    // Before its end, so that it is still good when the registry looks at it.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private readonly long _received;
    private readonly TimeSpan _life;

    private AccessToken(string value, TimeSpan life, long received)
    {
        Value = value;
        _life = life;
        _received = received;
    }

    public string Value { get; }

    /// <param name="received">When it came, by this machine's clock: the service's own may go wrong.</param>
    /// <returns>Null when the answer holds none.</returns>
    public static AccessToken? Parse(ReadOnlyMemory<byte> answer, long received)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var root = document.RootElement;
            return (Text(root, "token") ?? Text(root, "access_token")) is { } value ? new AccessToken(value, Life(root), received) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // The latter: no object, or a lone surrogate.
        {
            return null;
        }
    }

    public bool IsFresh(TimeProvider time) => time.GetElapsedTime(_received) < _life - Margin;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value)
            && value.ValueKind is JsonValueKind.String
            && value.GetString() is { Length: > 0 } text
            && !text.AsSpan().ContainsAnyExceptInRange('!', '~') // It goes into a header.
            ? text
            : null;

    private static TimeSpan Life(JsonElement root)
    {
        var seconds = root.TryGetProperty("expires_in", out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var number) ? number : 0;
        return seconds > LongestLife.TotalSeconds ? LongestLife
            : seconds > ShortestLife.TotalSeconds ? TimeSpan.FromSeconds(seconds)
            : ShortestLife;
    }
}

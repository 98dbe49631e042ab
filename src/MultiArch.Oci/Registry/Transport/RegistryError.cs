using System.Text;
using System.Text.Json;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>One of the errors that a registry names in the body of an answer.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes</remarks>
/// <param name="Code">Such as <c>NAME_INVALID</c>; empty when there is none.</param>
internal sealed record RegistryError(string Code, string Message)
{
    private const int MaxErrors = 3;

    /// <summary>Reads what a registry, or whatever answered for it, says; never fails, and takes nothing from a page for people.</summary>
    public static IReadOnlyList<RegistryError> Decode(ReadOnlyMemory<byte> body, string? contentType)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return [.. FromJson(document.RootElement).Where(error => error.ToString().Length > 0).Take(MaxErrors)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // The latter: a lone surrogate in a string.
        {
            var text = contentType is "text/plain" ? OneLine.Of(Encoding.UTF8.GetString(body.Span)) : "";
            return text.Length > 0 ? [new RegistryError("", text)] : [];
        }
    }

    public override string ToString() => (Code, Message) switch
    {
        ("", _) => Message,
        (_, "") => Code,
        _ => $"{Code}: {Message}",
    };

    private static IEnumerable<RegistryError> FromJson(JsonElement root)
    {
        if (root.ValueKind is not JsonValueKind.Object)
        {
            return [];
        }

        return root.TryGetProperty("errors", out var errors) && errors.ValueKind is JsonValueKind.Array
            ? errors.EnumerateArray().Select(FromObject)
            : [FromObject(root)]; // Docker Hub and ACR: {"details": "…"}; cloud gateways: {"message": "…"}
    }

    private static RegistryError FromObject(JsonElement error)
    {
        if (error.ValueKind is not JsonValueKind.Object)
        {
            return new RegistryError("", Text(error));
        }

        var message = Text(error, "message");
        return new RegistryError(Text(error, "code"), message.Length > 0 ? message : Text(error, "details"));
    }

    private static string Text(JsonElement parent, string property) => parent.TryGetProperty(property, out var value) ? Text(value) : "";

    private static string Text(JsonElement value) => value.ValueKind is JsonValueKind.String ? OneLine.Of(value.GetString()) : "";
}

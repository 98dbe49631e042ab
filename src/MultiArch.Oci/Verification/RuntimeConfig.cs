using System.Text.Json;

namespace MultiArch.Oci.Verification;

/// <summary>What an app's <c>runtimeconfig.json</c> asks of the place where it runs.</summary>
/// <remarks>https://github.com/dotnet/sdk/blob/v10.0.100/documentation/specs/runtime-configuration-file.md</remarks>
/// <param name="Frameworks">Those that have to be installed; none for a self-contained app.</param>
/// <param name="IsSelfContained">Whether the runtime lies beside the app.</param>
/// <param name="IsInvariant">Whether the app does without cultures; null leaves it to <c>DOTNET_SYSTEM_GLOBALIZATION_INVARIANT</c>.</param>
public sealed record RuntimeConfig(IReadOnlyList<RequiredFramework> Frameworks, bool IsSelfContained, bool? IsInvariant)
{
    /// <returns>Null when it is no such file.</returns>
    public static RuntimeConfig? TryParse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (Member(document.RootElement, "runtimeOptions") is not { ValueKind: JsonValueKind.Object } options)
            {
                return null;
            }

            var roll = RollForwards.TryParse(Text(options, "rollForward"));
            var frameworks = Items(options, "frameworks").Concat(Member(options, "framework") is { } only ? [only] : []);
            return new RuntimeConfig(
                [.. frameworks.Select(framework => Read(framework, roll)).OfType<RequiredFramework>()],
                Items(options, "includedFrameworks").Any(),
                Member(options, "configProperties") is { } properties ? Flag(properties, "System.Globalization.Invariant") : null);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RequiredFramework? Read(JsonElement framework, RollForward? roll) =>
        Text(framework, "name") is { } name && Text(framework, "version") is { } version
            ? new RequiredFramework(name, version) { RollForward = RollForwards.TryParse(Text(framework, "rollForward")) ?? roll }
            : null;

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : [];

    private static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>MSBuild writes some of them as text.</summary>
    private static bool? Flag(JsonElement element, string name) => Member(element, name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String } text when bool.TryParse(text.GetString(), out var value) => value,
        _ => null,
    };
}

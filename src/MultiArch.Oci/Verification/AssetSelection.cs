using System.Text.Json;

namespace MultiArch.Oci.Verification;

/// <summary>Which files below <c>runtimes/</c> a RuntimeIdentifier uses: the rest is there for other platforms, and may be whatever it is.</summary>
/// <remarks>https://github.com/dotnet/sdk/blob/v10.0.100/documentation/specs/runtime-configuration-file.md#depsjson and https://learn.microsoft.com/dotnet/core/rid-catalog</remarks>
public sealed class AssetSelection
{
    private const string Folder = "runtimes/";

    private readonly string[] _fallbacks;
    private readonly HashSet<string> _selected = new(StringComparer.Ordinal);

    /// <param name="runtimeIdentifier">Such as <c>linux-musl-x64</c>.</param>
    /// <param name="dependencies">The <c>deps.json</c> files of the folder; what is none is passed over.</param>
    public AssetSelection(string runtimeIdentifier, params IEnumerable<ReadOnlyMemory<byte>> dependencies)
    {
        _fallbacks = Fallbacks(runtimeIdentifier);
        foreach (var file in dependencies)
        {
            try
            {
                using var document = JsonDocument.Parse(file, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
                Read(document.RootElement);
            }
            catch (JsonException)
            {
                // .NET's host says so itself, and everywhere alike.
            }
        }
    }

    /// <summary>Whether a file is one that this platform's app never loads.</summary>
    /// <param name="path">Relative to the app's folder.</param>
    public bool IsForOthers(string path) =>
        path.StartsWith(Folder, StringComparison.Ordinal)
        && path.Split('/') is [_, var runtimeIdentifier, _, ..]
        && !_selected.Contains(path)
        && Array.IndexOf(_fallbacks, runtimeIdentifier) is var place && (place < 0 || IsAnotherCLibrary(runtimeIdentifier));

    /// <summary>A file for glibc stands in for one of musl's where nothing better is listed; unlisted, it is glibc's.</summary>
    private bool IsAnotherCLibrary(string runtimeIdentifier) => _fallbacks[0].Contains("-musl", StringComparison.Ordinal) && runtimeIdentifier.StartsWith("linux-", StringComparison.Ordinal) && !runtimeIdentifier.Contains("-musl", StringComparison.Ordinal);

    /// <summary>From the special to the general, as .NET's table of them goes.</summary>
    private static string[] Fallbacks(string runtimeIdentifier) => runtimeIdentifier.Split('-') switch
    {
        ["linux", "musl", var processor] => [runtimeIdentifier, "linux-musl", $"linux-{processor}", "linux", $"unix-{processor}", "unix", "any", "base"],
        ["linux", var processor] => [runtimeIdentifier, "linux", $"unix-{processor}", "unix", "any", "base"],
        _ => [runtimeIdentifier, "any", "base"],
    };

    private void Read(JsonElement root)
    {
        foreach (var library in Members(root, "targets").SelectMany(target => Members(target.Value)))
        {
            foreach (var kind in new[] { "native", "runtime" })
            {
                _selected.UnionWith(Members(library.Value, kind).Select(asset => asset.Name));
            }

            foreach (var kind in Members(library.Value, "runtimeTargets").GroupBy(asset => Text(asset.Value, "assetType")))
            {
                // All assets of the one RuntimeIdentifier that fits best.
                var best = kind.GroupBy(asset => Array.IndexOf(_fallbacks, Text(asset.Value, "rid"))).Where(assets => assets.Key >= 0).MinBy(assets => assets.Key);
                _selected.UnionWith((best ?? Enumerable.Empty<JsonProperty>()).Select(asset => asset.Name));
            }
        }
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var member) ? Members(member) : default;

    private static JsonElement.ObjectEnumerator Members(JsonElement element) => element.ValueKind is JsonValueKind.Object ? element.EnumerateObject() : default;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind is JsonValueKind.String ? member.GetString() : null;
}

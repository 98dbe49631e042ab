using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using MultiArch.Oci.Registry.Authentication;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>Tells what registries say in <c>Warning</c> headers, each text once.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#warnings</remarks>
internal sealed partial class WarningHeaders(IProgress<RegistryEvent>? progress)
{
    private const int SpecifiedCode = 299;

    // The specification's limit.
    private const int MaxLength = 4096;

    // A registry that always says something new is not heard for ever.
    private const int MaxTexts = 20;

    private readonly ConcurrentDictionary<(string Host, string Text), bool> _told = new();

    /// <param name="authorization">What was said to the registry; a text that says it back is not told.</param>
    public void Report(HttpResponseMessage message, string host, AuthorizationHeader? authorization)
    {
        if (progress is null || !message.Headers.NonValidated.Contains("Warning"))
        {
            return;
        }

        foreach (var warning in message.Headers.Warning.Where(warning => warning.Code == SpecifiedCode))
        {
            var text = OneLine.Of(Unquote(warning), MaxLength);
            if (text.Length > 0 && authorization?.IsIn(text) is not true && _told.Count < MaxTexts && _told.TryAdd((host, text), true))
            {
                progress.Report(new RegistryEvent.Warning(host, text));
            }
        }
    }

    private static string Unquote(WarningHeaderValue warning) => Escape().Replace(warning.Text.Trim('"'), "$1");

    [GeneratedRegex(@"\\(.)", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}

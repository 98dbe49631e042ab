namespace MultiArch.Oci.Images;

/// <summary>The ports that ASP.NET Core will listen on, read from the environment variables that tell it.</summary>
/// <remarks>https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/endpoints#configure-endpoints: the URLs win over the ports.</remarks>
public static class ExposedPorts
{
    /// <returns>Such as <c>8080/tcp</c>.</returns>
    public static IEnumerable<string> FromEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.GetValueOrDefault("ASPNETCORE_URLS") is { Length: > 0 } urls)
        {
            return Split(urls).Select(PortOf).OfType<int>().Select(ToText);
        }

        string[] names = ["ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS"];
        return names
            .SelectMany(name => Split(environment.GetValueOrDefault(name, "")))
            .Select(text => int.TryParse(text, out var port) ? port : 0)
            .Where(port => port is > 0 and <= ushort.MaxValue)
            .Select(ToText);
    }

    private static string[] Split(string list) =>
        list.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string ToText(int port) => $"{port}/tcp";

    /// <summary>
    /// Kestrel's own notation, <c>http://+:8080</c>, is no URI: a stand-in host makes it one. Its <c>http://unix:/path</c> is one, and no
    /// port; neither is 0, which lets the system choose.
    /// </summary>
    private static int? PortOf(string url) =>
        Uri.TryCreate(url.Replace("://+", "://localhost", StringComparison.Ordinal).Replace("://*", "://localhost", StringComparison.Ordinal), UriKind.Absolute, out var uri)
        && uri is { Scheme: "http" or "https", Port: > 0 }
        && !url.Contains("://unix:/", StringComparison.OrdinalIgnoreCase)
        && !url.Contains("://pipe:/", StringComparison.OrdinalIgnoreCase)
            ? uri.Port
            : null;
}

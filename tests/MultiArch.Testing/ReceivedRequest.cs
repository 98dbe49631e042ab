namespace MultiArch.Testing;

/// <param name="Target">Path and query, as they were sent.</param>
/// <param name="Headers">One that came twice has both values, joined by a comma.</param>
public sealed record ReceivedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>Scheme, host and port of the server that it came to.</summary>
    public string Origin { get; init; } = "";

    /// <summary>The subject of the certificate that the client showed; null when it showed none.</summary>
    public string? ClientCertificate { get; init; }

    public string? Authorization => Headers.GetValueOrDefault("Authorization");

    public string Path => Target.Split('?')[0];

    /// <summary>The values of one name in the query, unescaped, in order.</summary>
    public IEnumerable<string> Query(string name) =>
        from part in Target[Path.Length..].TrimStart('?').Split('&')
        let pair = part.Split('=', 2)
        where pair[0] == name
        select Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? "");
}

using System.Text;

namespace MultiArch.Testing;

/// <summary>An answer of a server of the tests.</summary>
public sealed class Reply(int status, byte[] body, string contentType = "application/json")
{
    public Reply(int status, string body = "", string contentType = "application/json")
        : this(status, Encoding.UTF8.GetBytes(body), contentType)
    {
    }

    public int Status { get; } = status;

    public string ContentType { get; } = contentType;

    public byte[] Body { get; } = body;

    public Fault Fault { get; init; }

    /// <summary>After how many bytes a cut comes: of the request's body, of the reply's or of the reply. Null: in the middle.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Added to <c>Content-Type</c> and <c>Content-Length</c>, or put in their place; an empty value takes one away.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sent after the others as they stand here, so that one name can come twice.</summary>
    public List<(string Name, string Value)> MoreHeaders { get; } = [];

    internal byte[] Head(bool isLast)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Content-Type"] = ContentType,
            ["Content-Length"] = $"{Body.Length + (Fault is Fault.StallBody ? 1 : 0)}",
            ["Connection"] = isLast ? "close" : "keep-alive",
        };
        foreach (var (name, value) in Headers)
        {
            headers[name] = value;
        }

        if (Status == 204)
        {
            headers.Remove("Content-Length");
            headers.Remove("Content-Type");
        }

        var lines = headers.Where(header => header.Value.Length > 0).Select(header => (header.Key, header.Value)).Concat(MoreHeaders);
        return Encoding.Latin1.GetBytes($"HTTP/1.1 {Status} Scripted\r\n{string.Concat(lines.Select(line => $"{line.Item1}: {line.Item2}\r\n"))}\r\n");
    }
}

using System.Text;
using System.Text.Json;

namespace MultiArch.Build;

/// <summary>The list of an app's static web assets, <c>*.staticwebassets.endpoints.json</c>, as the SDK publishes it.</summary>
internal static class EndpointsManifest
{
    private static readonly byte[] Utf8Mark = [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Gives every asset one <c>Last-Modified</c>, for the SDK writes when the sources, and the compressed files of this very build, were
    /// last written. All other bytes stay.
    /// </summary>
    /// <param name="time">An HTTP date.</param>
    /// <returns>Null if there is nothing to change, or if this is no such list.</returns>
    public static byte[]? SetLastModified(byte[] manifest, string time)
    {
        var start = manifest.AsSpan().StartsWith(Utf8Mark) ? Utf8Mark.Length : 0;
        List<Range> values;
        try
        {
            values = FindLastModified(manifest.AsSpan(start));
        }
        catch (JsonException)
        {
            return null; // A user's file of the same name: not ours to judge.
        }

        var text = Encoding.ASCII.GetBytes($"\"{time}\"");
        var changed = new MemoryStream(manifest.Length);
        var copied = 0;
        foreach (var value in values)
        {
            changed.Write(manifest.AsSpan(copied..(start + value.Start.Value)));
            changed.Write(text);
            copied = start + value.End.Value;
        }

        changed.Write(manifest.AsSpan(copied..));
        var bytes = changed.ToArray();
        return bytes.AsSpan().SequenceEqual(manifest) ? null : bytes;
    }

    /// <summary>Where the values of <c>{"Name":"Last-Modified","Value":"…"}</c> stand, quotes included.</summary>
    private static List<Range> FindLastModified(ReadOnlySpan<byte> json)
    {
        var found = new List<Range>();
        var headers = new Stack<(bool IsLastModified, Range? Value)>();
        var reader = new Utf8JsonReader(json);
        var property = Property.Other;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    headers.Push(default);
                    break;
                case JsonTokenType.EndObject:
                    if (headers.Pop() is { IsLastModified: true, Value: { } value })
                    {
                        found.Add(value);
                    }

                    break;
                case JsonTokenType.PropertyName:
                    property = reader.ValueTextEquals("Name"u8) ? Property.Name : reader.ValueTextEquals("Value"u8) ? Property.Value : Property.Other;
                    continue;
                case JsonTokenType.String when headers.TryPop(out var header):
                    headers.Push(property switch
                    {
                        Property.Name => header with { IsLastModified = reader.ValueTextEquals("Last-Modified"u8) },
                        Property.Value => header with { Value = (int)reader.TokenStartIndex..(int)reader.BytesConsumed },
                        _ => header,
                    });
                    break;
            }

            property = Property.Other;
        }

        return found;
    }

    private enum Property
    {
        Other,
        Name,
        Value,
    }
}

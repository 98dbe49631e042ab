using System.Diagnostics.CodeAnalysis;

namespace MultiArch.Debian.Control;

/// <summary>One paragraph of Debian's control syntax: fields by name, in their order.</summary>
/// <remarks>
/// Debian Policy 4.7.2 §5.1, https://www.debian.org/doc/debian-policy/ch-controlfields.html#syntax-of-control-files. Names are equal
/// whatever their case. A value keeps its continuation lines, each after a line feed and without the blank that marks it; <c>.</c> stays.
/// </remarks>
public sealed class ControlParagraph
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _names = [];

    private ControlParagraph()
    {
    }

    /// <summary>As they were written.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The value; null for a field that is not there.</summary>
    public string? this[string name] => _fields.GetValueOrDefault(name);

    /// <exception cref="FormatException">The text is no control file; the message says in which line.</exception>
    public static IEnumerable<ControlParagraph> ParseAll(string text)
    {
        ControlParagraph? paragraph = null;
        string? name = null;
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.TrimEnd();
            if (line.Length == 0)
            {
                if (paragraph is not null)
                {
                    yield return paragraph;
                }

                (paragraph, name) = (null, null);
            }
            else if (line[0] == '#')
            {
                continue;
            }
            else if (line[0] is ' ' or '\t')
            {
                paragraph?.Continue(name!, line.TrimStart());
                _ = paragraph ?? throw new FormatException($"line {number} continues nothing");
            }
            else
            {
                paragraph ??= new ControlParagraph();
                name = paragraph.Add(line, number);
            }
        }

        if (paragraph is not null)
        {
            yield return paragraph;
        }
    }

    public bool TryGet(string name, [NotNullWhen(true)] out string? value) => _fields.TryGetValue(name, out value);

    private string Add(string line, int number)
    {
        var colon = line.IndexOf(':');
        var name = colon > 0 ? line[..colon].TrimEnd() : throw new FormatException($"line {number} is no field");
        if (!_fields.TryAdd(name, line[(colon + 1)..].Trim()))
        {
            throw new FormatException($"line {number} has the field {OneLineName(name)} for the second time");
        }

        _names.Add(name);
        return name;
    }

    private void Continue(string name, string line) => _fields[name] += "\n" + line;

    private static string OneLineName(string name) => Oci.OneLine.Of(name, 60);
}

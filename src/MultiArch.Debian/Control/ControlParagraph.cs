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
    private readonly List<string> _lines = []; // of the field that is being read

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
        var number = 0;
        foreach (var raw in text.TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            var line = raw.TrimEnd();
            if (line.Length == 0)
            {
                if (paragraph is not null)
                {
                    yield return paragraph.End();
                }

                paragraph = null;
            }
            else if (line[0] == '#')
            {
                continue;
            }
            else if (line[0] is ' ' or '\t')
            {
                (paragraph ?? throw new FormatException($"line {number} continues nothing"))._lines.Add(line.TrimStart());
            }
            else
            {
                paragraph = (paragraph ?? new ControlParagraph()).End();
                paragraph.Begin(line, number);
            }
        }

        if (paragraph is not null)
        {
            yield return paragraph.End();
        }
    }

    public bool TryGet(string name, [NotNullWhen(true)] out string? value) => _fields.TryGetValue(name, out value);

    private void Begin(string line, int number)
    {
        var colon = line.IndexOf(':');
        var name = colon > 0 ? line[..colon].TrimEnd() : throw new FormatException($"line {number} is no field");
        if (!_fields.TryAdd(name, ""))
        {
            throw new FormatException($"line {number} has the field {Oci.OneLine.Of(name, 60)} for the second time");
        }

        _names.Add(name);
        _lines.Add(line[(colon + 1)..].Trim());
    }

    /// <summary>Joined once: a field may have any number of lines.</summary>
    private ControlParagraph End()
    {
        if (_lines.Count > 0)
        {
            _fields[_names[^1]] = string.Join('\n', _lines);
            _lines.Clear();
        }

        return this;
    }
}

using MultiArch.Oci;

namespace MultiArch.Debian.Sources;

/// <summary>Reads the form of <c>sources.list</c> with a source in each line.</summary>
/// <remarks>https://manpages.debian.org/bookworm/apt/sources.list.5.en.html#ONE-LINE-STYLE_FORMAT.</remarks>
public static class OneLineSources
{
    private static readonly Dictionary<string, string> OptionNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["arch"] = "Architectures",
        ["arch-"] = "Architectures-Remove",
        ["signed-by"] = "Signed-By",
        ["check-valid-until"] = "Check-Valid-Until",
        ["trusted"] = "Trusted",
        ["inrelease-path"] = "InRelease-Path",
    };

    /// <param name="file">Named in messages, with the line.</param>
    /// <param name="isLocal">Whether the file belongs to this machine, so that <c>file:</c> means what it says.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidAptSources"/>.</exception>
    public static SourceList Parse(string text, string file, bool isLocal)
    {
        var list = SourceList.Empty;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            try
            {
                if (ReadLine(line, $"{file}, line {number}", isLocal) is { } entry)
                {
                    list = list.With(entry.Expand());
                }
            }
            catch (FormatException e)
            {
                throw AptFile.Invalid($"{file}, line {number}", e);
            }
        }

        return list;
    }

    private static SourceEntry? ReadLine(string line, string origin, bool isLocal)
    {
        var words = new Words(line);
        if (words.Next() is not { } type)
        {
            return null;
        }

        var options = words.NextOptions();
        var uri = words.Next() ?? throw new FormatException("it names no address");
        var suite = words.Next() ?? throw new FormatException("it names no suite");
        var components = new List<string>();
        while (words.Next() is { } component)
        {
            components.Add(component);
        }

        return new SourceEntry([type], [uri], [suite], components, ReadOptions(options), origin, isLocal);
    }

    private static Dictionary<string, string> ReadOptions(string text)
    {
        var options = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var word in text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var sign = word.IndexOf('=');
            var name = sign > 0 ? word[..sign] : throw new FormatException($"the option '{OneLine.Of(word, 60)}' has no value");
            if (OptionNames.TryGetValue(name, out var known))
            {
                options[known] = word[(sign + 1)..].Trim('"');
            }
        }

        return options;
    }

    /// <summary>The words of a line. Brackets keep blanks together: around options, and within the address of a disc.</summary>
    private sealed class Words(string line)
    {
        private int _at;

        /// <returns>Null at the end of the line and at a comment.</returns>
        public string? Next()
        {
            SkipBlanks();
            var start = _at;
            while (_at < line.Length && !char.IsWhiteSpace(line[_at]) && line[_at] != '#')
            {
                _at = line[_at] == '[' && line.IndexOf(']', _at) is > 0 and var end ? end + 1 : _at + 1;
            }

            return _at > start ? line[start.._at] : null;
        }

        /// <returns>What stands between brackets; empty when the next word has none.</returns>
        public string NextOptions()
        {
            SkipBlanks();
            if (_at == line.Length || line[_at] != '[')
            {
                return "";
            }

            var end = line.IndexOf(']', _at) is > 0 and var found ? found : throw new FormatException("its options have no end");
            var options = line[(_at + 1)..end];
            _at = end + 1;
            return options;
        }

        private void SkipBlanks()
        {
            while (_at < line.Length && char.IsWhiteSpace(line[_at]))
            {
                _at++;
            }
        }
    }
}

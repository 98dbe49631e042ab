using System.Buffers;
using System.Text;

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>Reads the challenges out of <c>WWW-Authenticate</c> headers; never fails, and takes nothing from behind what it does not understand.</summary>
/// <remarks>https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1. In one pass: its length is the server's choice.</remarks>
internal sealed class ChallengeParser
{
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> Token68 =
        SearchValues.Create("-._~+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly string _header;
    private readonly List<Challenge> _challenges = [];
    private Dictionary<string, string> _parameters = [];
    private int _position;

    private ChallengeParser(string header) => _header = header;

    /// <param name="headers">One header may hold several challenges, and there may be several headers.</param>
    public static IReadOnlyList<Challenge> Parse(IEnumerable<string> headers) => [.. headers.SelectMany(header => new ChallengeParser(header).ReadAll())];

    private List<Challenge> ReadAll()
    {
        while (SkipSeparators() && ReadElement())
        {
        }

        return _challenges;
    }

    /// <summary>A comma separates both challenges and the parameters of one: what follows the name tells which it is.</summary>
    /// <returns>False when it is neither.</returns>
    private bool ReadElement()
    {
        var name = Read(Token);
        if (name.Length == 0)
        {
            return false;
        }

        var hasSpace = SkipSpaces();
        if (_challenges.Count > 0 && Peek() is '=')
        {
            return ReadParameter(name);
        }

        if (Peek() is not ('\0' or ',') && !hasSpace)
        {
            return false;
        }

        _parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        _challenges.Add(new Challenge(name, _parameters));
        SkipToken68();
        return true;
    }

    private bool ReadParameter(string name)
    {
        _position++; // =
        SkipSpaces();
        if ((Peek() is '"' ? ReadQuoted() : Read(Token)) is not { } value)
        {
            return false;
        }

        _parameters.TryAdd(name, value); // Of two with one name the first counts.
        SkipSpaces();
        return Peek() is '\0' or ',';
    }

    /// <returns>Null when the quote has no end.</returns>
    private string? ReadQuoted()
    {
        var value = new StringBuilder();
        for (_position++; _position < _header.Length; _position++)
        {
            switch (_header[_position])
            {
                case '"':
                    _position++;
                    return value.ToString();
                case '\\' when _position + 1 < _header.Length:
                    value.Append(_header[++_position]);
                    break;
                case var c:
                    value.Append(c);
                    break;
            }
        }

        return null;
    }

    /// <summary>What Negotiate and its like have in place of parameters.</summary>
    private void SkipToken68()
    {
        var end = _position + Length(Token68);
        var isEmpty = end == _position;
        while (end < _header.Length && _header[end] == '=')
        {
            end++;
        }

        var next = end;
        while (next < _header.Length && _header[next] is ' ' or '\t')
        {
            next++;
        }

        if (!isEmpty && (next == _header.Length || _header[next] == ','))
        {
            _position = next;
        }
    }

    private string Read(SearchValues<char> characters)
    {
        var length = Length(characters);
        _position += length;
        return _header.Substring(_position - length, length);
    }

    private int Length(SearchValues<char> characters) =>
        _header.AsSpan(_position).IndexOfAnyExcept(characters) is >= 0 and var length ? length : _header.Length - _position;

    private bool SkipSeparators()
    {
        while (Peek() is ',' or ' ' or '\t')
        {
            _position++;
        }

        return _position < _header.Length;
    }

    private bool SkipSpaces()
    {
        var start = _position;
        while (Peek() is ' ' or '\t')
        {
            _position++;
        }

        return _position > start;
    }

    private char Peek() => _position < _header.Length ? _header[_position] : '\0';
}

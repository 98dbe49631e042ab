using System.Buffers;

namespace MultiArch.Debian.Control;

/// <summary>A package's version: <c>[epoch:]upstream[-revision]</c>, in Debian's order.</summary>
/// <remarks>
/// https://www.debian.org/doc/debian-policy/ch-controlfields.html#version. Two texts may be one version (<c>1.0</c>, <c>0:1.0</c>): compare
/// with <see cref="CompareTo"/>. Numbers are compared as text, so that none is too long.
/// </remarks>
public sealed record DebianVersion : IComparable<DebianVersion>
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.+-~:");

    private readonly int _colon;
    private readonly int _hyphen;

    private DebianVersion(string text)
    {
        Text = text;
        _colon = text.IndexOf(':');
        _hyphen = text.LastIndexOf('-');
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    private ReadOnlySpan<char> Epoch => _colon < 0 ? "" : Text.AsSpan(0, _colon);

    private ReadOnlySpan<char> Upstream => Text.AsSpan()[(_colon + 1)..(HasRevision ? _hyphen : Text.Length)];

    private ReadOnlySpan<char> Revision => HasRevision ? Text.AsSpan(_hyphen + 1) : "";

    private bool HasRevision => _hyphen > _colon;

    // That upstream's part begins with a digit is asked of maintainers (Policy) and not of archives (dpkg warns).
    private bool IsValid =>
        _colon != 0 && !Epoch.ContainsAnyExceptInRange('0', '9') && !Upstream.IsEmpty
        && (!HasRevision || (!Revision.IsEmpty && !Revision.Contains(':')));

    /// <exception cref="FormatException">The text is no version.</exception>
    public static DebianVersion Parse(string text)
    {
        if (text.Length == 0 || text.AsSpan().ContainsAnyExcept(Allowed))
        {
            throw Invalid(text);
        }

        var version = new DebianVersion(text);
        return version.IsValid ? version : throw Invalid(text);
    }

    public static bool operator <(DebianVersion left, DebianVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(DebianVersion left, DebianVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(DebianVersion left, DebianVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(DebianVersion left, DebianVersion right) => left.CompareTo(right) >= 0;

    public int CompareTo(DebianVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var epochs = ComparePart(Epoch, other.Epoch);
        var upstreams = epochs != 0 ? epochs : ComparePart(Upstream, other.Upstream);
        return upstreams != 0 ? upstreams : ComparePart(Revision, other.Revision);
    }

    public override string ToString() => Text;

    /// <summary>Text and numbers in turns: of text <c>~</c> is less than its end, and letters are less than the rest.</summary>
    private static int ComparePart(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        while (!left.IsEmpty || !right.IsEmpty)
        {
            var (leftText, rightText) = (TextLength(left), TextLength(right));
            for (var i = 0; i < Math.Max(leftText, rightText); i++)
            {
                var order = OrderOf(left, i, leftText) - OrderOf(right, i, rightText);
                if (order != 0)
                {
                    return order;
                }
            }

            left = left[leftText..];
            right = right[rightText..];
            var (leftNumber, rightNumber) = (NumberLength(left), NumberLength(right));
            var numbers = CompareNumbers(left[..leftNumber], right[..rightNumber]);
            if (numbers != 0)
            {
                return numbers;
            }

            left = left[leftNumber..];
            right = right[rightNumber..];
        }

        return 0;
    }

    private static int TextLength(ReadOnlySpan<char> part) => part.IndexOfAnyInRange('0', '9') is >= 0 and var digit ? digit : part.Length;

    private static int NumberLength(ReadOnlySpan<char> part) => part.IndexOfAnyExceptInRange('0', '9') is >= 0 and var text ? text : part.Length;

    private static int OrderOf(ReadOnlySpan<char> part, int index, int length) =>
        index >= length ? 0
        : part[index] == '~' ? -1
        : char.IsAsciiLetter(part[index]) ? part[index]
        : part[index] + 256;

    private static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length ? left.Length - right.Length : left.SequenceCompareTo(right);
    }

    private static FormatException Invalid(string text) => new($"'{Oci.OneLine.Of(text, 80)}' is no version of a package");
}

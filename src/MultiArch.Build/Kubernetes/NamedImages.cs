using MultiArch.Oci;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MultiArch.Build.Kubernetes;

/// <summary>A value <c>multiarch://project</c>.</summary>
/// <param name="Start">In characters of the text, as <paramref name="Length"/> is: what a reference takes the place of, quotes left out.</param>
/// <param name="Line">From 1, as <paramref name="Column"/>.</param>
/// <param name="IsWhole">False when the name is only a part of a longer value, which stays as it is.</param>
internal sealed record NamedImage(string Project, int Start, int Length, int Line, int Column, bool IsWhole)
{
    /// <summary>What makes this no name though it was meant as one, with the way out; null for a name.</summary>
    public string? Misspelling { get; init; }
}

/// <summary>Text that is not what can be read.</summary>
/// <param name="line">From 1, as <paramref name="column"/>; 0 when the whole text is meant.</param>
/// <param name="reason">In lower case and without a full stop.</param>
internal sealed class YamlPositionException(int line, int column, string reason) : Exception(reason)
{
    public int Line => line;

    public int Column => column;
}

/// <summary>Finds names of images among the values of a YAML text, of all its documents. A parser tells where values are; the text around them is nobody's business.</summary>
internal static class NamedImages
{
    public const string Scheme = "multiarch://";

    /// <exception cref="YamlPositionException">The text is no YAML, or writes a name in a way that cannot be replaced.</exception>
    public static IReadOnlyList<NamedImage> Find(string text)
    {
        var images = new List<NamedImage>();
        var parser = new Parser(new StringReader(text));
        try
        {
            while (parser.MoveNext())
            {
                if (parser.Current is Scalar { IsKey: false } scalar && scalar.Value.Contains(Scheme, StringComparison.OrdinalIgnoreCase))
                {
                    images.Add(Locate(text, scalar));
                }
            }
        }
        catch (YamlException e)
        {
            throw new YamlPositionException((int)e.Start.Line, (int)e.Start.Column, $"it is no YAML: {OneLine.Of(e.Message)}");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            // The parser has no words for some nonsense; it was about to read what follows this.
            var end = parser.Current?.End ?? Mark.Empty;
            throw new YamlPositionException((int)end.Line, (int)end.Column, "it is no YAML: what follows here makes no sense");
        }

        return images;
    }

    private static NamedImage Locate(string text, Scalar scalar)
    {
        var isBlock = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded;
        var value = isBlock ? scalar.Value.TrimEnd('\n') : scalar.Value;
        var (line, column) = ((int)scalar.Start.Line, (int)scalar.Start.Column);
        if (!value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || value.Contains('\n'))
        {
            return new NamedImage("", 0, 0, line, column, IsWhole: false);
        }

        // An anchor or a tag before the value may hold the same characters, and so may a comment behind a block's header.
        var (start, end) = ((int)scalar.Start.Index, (int)scalar.End.Index);
        var quote = scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted ? 1 : 0;
        var at = isBlock
            ? text.IndexOf(value, text.IndexOfAny(['\n', '\r'], start, end - start) is >= 0 and var header ? header : end, StringComparison.Ordinal)
            : end - quote - value.Length;
        return at >= start && at + value.Length <= end && string.CompareOrdinal(text, at, value, 0, value.Length) == 0
            ? new NamedImage(value[Scheme.Length..], at, value.Length, line, column, IsWhole: true) { Misspelling = FindMisspelling(value) }
            : throw new YamlPositionException(line, column, $"'{OneLine.Of(value)}' is written with escapes or over several lines, and only a plain name can be replaced");
    }

    private static string? FindMisspelling(string value)
    {
        if (!value.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return $"'{OneLine.Of(value[..Scheme.Length])}' is not '{Scheme}'. Write it in lower case";
        }

        var name = value[Scheme.Length..];
        return name.Length != name.Trim().Length ? $"there is a space before or behind the name in '{Scheme}{OneLine.Of(name)}'. Take it out" : null;
    }
}

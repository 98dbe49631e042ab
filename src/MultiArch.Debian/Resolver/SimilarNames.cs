using System.Buffers;

namespace MultiArch.Debian.Resolver;

/// <summary>Names that a person may have meant by one that is not there.</summary>
internal static class SimilarNames
{
    private const int MaxEdits = 2;

    // Also libssl3t64, as names of libraries have it since Debian's times have 64 bits.
    private static readonly SearchValues<char> NumberLike = SearchValues.Create("0123456789.-t");

    // Shorter ones are near to everything.
    private const int MinLength = 4;

    /// <summary>The nearest first: those that differ in numbers alone (another release's <c>libicu72</c> is this one's <c>libicu76</c>), then those that differ in a letter or two.</summary>
    public static IReadOnlyList<string> Find(string name, IEnumerable<string> names) => name.Length < MinLength ? [] : [.. names
        .Distinct(StringComparer.Ordinal)
        .Select(other => (Name: other, Distance: Distance(name, other)))
        .Where(other => other.Distance <= MaxEdits)
        .OrderBy(other => other.Distance)
        .ThenBy(other => other.Name, StringComparer.Ordinal)
        .Select(other => other.Name)];

    private static int Distance(string name, string other) =>
        name.AsSpan().TrimEnd("0123456789.-").ToString() is { Length: > 2 } stem && StemEquals(stem, other) ? 0 : Edits(name.ToLowerInvariant(), other);

    private static bool StemEquals(string stem, string other) =>
        other.StartsWith(stem, StringComparison.OrdinalIgnoreCase) && !other.AsSpan(stem.Length).ContainsAnyExcept(NumberLike);

    /// <summary>How many letters have to be put in, left out, replaced or exchanged; <see cref="int.MaxValue"/> for more than are allowed.</summary>
    private static int Edits(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > MaxEdits)
        {
            return int.MaxValue;
        }

        Span<int> before = stackalloc int[Math.Min(right.Length, 256) + 1];
        Span<int> last = stackalloc int[before.Length];
        Span<int> row = stackalloc int[before.Length];
        if (right.Length >= before.Length)
        {
            return int.MaxValue;
        }

        for (var j = 0; j < last.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var edits = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    edits = Math.Min(edits, before[j - 2] + 1);
                }

                row[j] = edits;
                least = Math.Min(least, edits);
            }

            if (least > MaxEdits)
            {
                return int.MaxValue;
            }

            last.CopyTo(before);
            row.CopyTo(last);
        }

        return last[right.Length];
    }
}

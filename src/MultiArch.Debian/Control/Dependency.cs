namespace MultiArch.Debian.Control;

/// <summary>A group of alternatives, of which one has to be there: <c>awk | mawk (&gt;= 1.3)</c>.</summary>
/// <remarks>https://www.debian.org/doc/debian-policy/ch-relationships.html#syntax-of-relationship-fields.</remarks>
/// <param name="Alternatives">At least one, the preferred first.</param>
public sealed record Dependency(IReadOnlyList<Relation> Alternatives)
{
    /// <exception cref="FormatException">The text is no such group.</exception>
    public static Dependency Parse(string text) => new([.. text.Split('|').Select(Relation.Parse)]);

    public override string ToString() => string.Join(" | ", Alternatives);
}

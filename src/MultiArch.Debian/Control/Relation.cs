using System.Text.RegularExpressions;

namespace MultiArch.Debian.Control;

/// <summary>Names a package and maybe which of its versions: <c>libc6 (&gt;= 2.36)</c>.</summary>
/// <remarks>https://www.debian.org/doc/debian-policy/ch-relationships.html#syntax-of-relationship-fields.</remarks>
/// <param name="Architecture">What stands after the colon, such as <c>any</c>; null for none.</param>
/// <param name="Version">Null for every version.</param>
public sealed partial record Relation(string Name, string? Architecture = null, VersionConstraint? Version = null)
{
    /// <exception cref="FormatException">The text is no relation.</exception>
    public static Relation Parse(string text)
    {
        var match = Pattern().Match(text.Trim());
        if (!match.Success)
        {
            throw text.AsSpan().ContainsAny('[', '<') && Restricted().IsMatch(text)
                ? new FormatException($"'{Oci.OneLine.Of(text, 80)}' is restricted to architectures or build profiles, which is for sources alone")
                : new FormatException($"'{Oci.OneLine.Of(text, 80)}' names no package");
        }

        // < and > alone are what <= and >= were called once (Policy §7.1).
        var comparison = match.Groups["operator"].Value switch { "<" => "<=", ">" => ">=", var same => same };
        var version = comparison.Length > 0 ? new VersionConstraint(comparison, DebianVersion.Parse(match.Groups["version"].Value)) : null;
        return new Relation(match.Groups["name"].Value, match.Groups["architecture"] is { Success: true, Value: var value } ? value : null, version);
    }

    /// <summary>Whether a version is meant.</summary>
    /// <param name="version">Null for one that nobody states, which only a relation without a version means.</param>
    public bool Accepts(DebianVersion? version) => Version is null || (version is not null && Version.Accepts(version));

    /// <summary>Whether it can mean a package of this architecture, when only one architecture is installed.</summary>
    public bool IsFor(string architecture) => Architecture is null or "any" || Architecture == architecture;

    public override string ToString() => $"{Name}{(Architecture is null ? "" : $":{Architecture}")}{(Version is null ? "" : $" ({Version})")}";

    // Archives hold names with capitals and underscores, which Policy does not allow.
    [GeneratedRegex(
        @"^(?<name>[a-zA-Z0-9][a-zA-Z0-9+.\-_]*)(?::(?<architecture>[a-z0-9\-]+))?(?:\s*\(\s*(?<operator><<|<=|=|>=|>>|<|>)\s*(?<version>[^\s()<=>]+)\s*\))?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"(\[[^\]]*\]|<[^<>=]*>)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Restricted();
}

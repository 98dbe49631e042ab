namespace MultiArch.Debian.Control;

/// <summary>Names a package and maybe which of its versions: <c>libc6 (&gt;= 2.36)</c>.</summary>
/// <remarks>https://www.debian.org/doc/debian-policy/ch-relationships.html#syntax-of-relationship-fields.</remarks>
/// <param name="Architecture">What stands after the colon, such as <c>any</c>; null for none.</param>
/// <param name="Version">Null for every version.</param>
public sealed record Relation(string Name, string? Architecture = null, VersionConstraint? Version = null);

/// <param name="Operator">One of <c>&lt;&lt;</c>, <c>&lt;=</c>, <c>=</c>, <c>&gt;=</c>, <c>&gt;&gt;</c>.</param>
public sealed record VersionConstraint(string Operator, DebianVersion Version);

/// <summary>A group of alternatives, of which one has to be there: <c>awk | mawk (&gt;= 1.3)</c>.</summary>
public sealed record Dependency(IReadOnlyList<Relation> Alternatives);

/// <summary>A name that a package provides, maybe as a version of it.</summary>
public sealed record Provision(string Name, DebianVersion? Version = null);

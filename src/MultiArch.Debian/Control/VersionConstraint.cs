namespace MultiArch.Debian.Control;

/// <summary>Which versions are meant: <c>&gt;= 2.36</c>.</summary>
/// <param name="Operator">One of <c>&lt;&lt;</c>, <c>&lt;=</c>, <c>=</c>, <c>&gt;=</c>, <c>&gt;&gt;</c>.</param>
public sealed record VersionConstraint(string Operator, DebianVersion Version)
{
    public bool Accepts(DebianVersion version)
    {
        var order = version.CompareTo(Version);
        return Operator switch
        {
            "<<" => order < 0,
            "<=" => order <= 0,
            "=" => order == 0,
            ">=" => order >= 0,
            ">>" => order > 0,
            _ => throw new InvalidOperationException($"'{Operator}' compares nothing."),
        };
    }

    public override string ToString() => $"{Operator} {Version}";
}

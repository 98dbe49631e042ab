namespace MultiArch.Debian.Control;

/// <summary>A name that a package provides, maybe as a version of it: <c>libssl3 (= 3.5.1-1)</c>.</summary>
/// <remarks>https://www.debian.org/doc/debian-policy/ch-relationships.html#virtual-packages-provides.</remarks>
public sealed record Provision(string Name, DebianVersion? Version = null)
{
    /// <exception cref="FormatException">The text is none, or says more than one version.</exception>
    public static Provision Parse(string text) => Relation.Parse(text) switch
    {
        { Version: null } relation => new Provision(relation.Name),
        { Version: { Operator: "=" } version } relation => new Provision(relation.Name, version.Version),
        _ => throw new FormatException($"'{Oci.OneLine.Of(text, 80)}' provides no one version"),
    };
}

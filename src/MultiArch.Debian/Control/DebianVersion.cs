namespace MultiArch.Debian.Control;

/// <summary>A package's version.</summary>
/// <remarks>https://www.debian.org/doc/debian-policy/ch-controlfields.html#version.</remarks>
public sealed record DebianVersion(string Text)
{
    public override string ToString() => Text;
}

namespace MultiArch.Oci.Inspection;

/// <summary>A message of somebody else.</summary>
/// <param name="When">Whose, and on what occasion.</param>
/// <param name="Text">The part of it that does not depend on anything else; a longer message holds it word for word.</param>
public sealed record RunTimeText(string When, string Text);

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>How a registry wants to be asked.</summary>
/// <param name="From">Where it said so, by the scheme that is spoken with it.</param>
internal sealed record Invitation(Challenge Challenge, Uri From);

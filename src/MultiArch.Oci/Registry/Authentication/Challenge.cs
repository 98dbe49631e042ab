namespace MultiArch.Oci.Registry.Authentication;

/// <summary>One way in which a server lets itself be told who asks, from a <c>WWW-Authenticate</c> header.</summary>
/// <remarks>https://www.rfc-editor.org/rfc/rfc9110#name-www-authenticate</remarks>
/// <param name="Parameters">Their names have no case.</param>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public bool IsBearer => Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    /// <summary>Nexus writes <c>BASIC</c>.</summary>
    public bool IsBasic => Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the token was a good one, and gives no right to what was asked.</summary>
    public bool IsInsufficientScope => this["error"] is "insufficient_scope";

    /// <summary>The value of a parameter; null when there is none.</summary>
    public string? this[string parameter] => Parameters.GetValueOrDefault(parameter);

    /// <summary>The one to answer: a token before a password; null when neither is taken (Negotiate, NTLM, Digest).</summary>
    public static Challenge? Preferred(IReadOnlyList<Challenge> challenges) =>
        challenges.FirstOrDefault(challenge => challenge.IsBearer && challenge["realm"] is not null)
            ?? challenges.FirstOrDefault(challenge => challenge.IsBasic)
            ?? challenges.FirstOrDefault(challenge => challenge.IsBearer);
}

using System.Text.RegularExpressions;

namespace MultiArch.Registry.Tests.Model;

/// <summary>What the message of a failed publish says of each tag.</summary>
internal static partial class TagClaims
{
    public static TagClaim Of(string message, string tag)
    {
        if (message.Contains("No tag has moved.", StringComparison.Ordinal))
        {
            return TagClaim.NamesOther;
        }

        if (Single().Match(message) is { Success: true } single)
        {
            return single.Groups["tag"].Value != tag || single.Groups["other"].Success ? TagClaim.NamesOther : TagClaim.Unknown;
        }

        foreach (Match part in Part().Matches(message))
        {
            if (Names().Matches(part.Groups["tags"].Value).Any(name => name.Value == tag))
            {
                return part.Groups["what"].Value switch
                {
                    "these name" => TagClaim.NamesImage,
                    "these do not" => TagClaim.NamesOther,
                    _ => TagClaim.Unknown,
                };
            }
        }

        return TagClaim.None;
    }

    [GeneratedRegex(@"Whether (?<tag>\S+) has moved is not known, and no other tag has\.|(?<other>)Now (?<tag>\S+) names \S+; no other tag has moved\.", RegexOptions.ExplicitCapture)]
    private static partial Regex Single();

    [GeneratedRegex(@"(?<what>these name|these do not|these may name)( sha256:[0-9a-f]{64})?: (?<tags>[^;]*?)(;|\. Publish again)", RegexOptions.ExplicitCapture)]
    private static partial Regex Part();

    [GeneratedRegex(@"(?<=^|, )[\w.-]+")]
    private static partial Regex Names();
}

/// <summary>What is said of a tag.</summary>
internal enum TagClaim
{
    /// <summary>No word.</summary>
    None,

    NamesImage,

    NamesOther,

    /// <summary>Nobody knows.</summary>
    Unknown,
}

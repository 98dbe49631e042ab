using System.Text.RegularExpressions;

namespace MultiArch.Testing;

/// <summary>Reads what a build prints.</summary>
public static partial class BuildOutput
{
    /// <summary>The digest behind <c>Project -> name@</c>.</summary>
    public static string PublishedDigest(this CommandResult result)
    {
        var match = Published().Match(result.Output);
        return match.Success ? match.Groups[1].Value : throw new AssertFailedException($"No line 'Project -> name@sha256:…'.\n{result.Output}");
    }

    /// <summary>Fails unless the build failed with exactly one error of ours, of this code, said once (but for the summary) on one line and with no stack trace. Returns its text.</summary>
    public static string ShouldFailWith(this CommandResult result, string code)
    {
        result.ShouldFail();
        var errors = Errors().Matches(result.Output.Split("Build FAILED.")[0]).Select(match => match.Value.Trim()).ToList();
        Assert.HasCount(1, errors, result.Output);
        Assert.Contains(code, errors[0], result.Output);
        Assert.DoesNotContain("   at ", result.Output, "A stack trace is for us, not for users.");
        Assert.DoesNotContain("MSB4018", result.Output);
        return errors[0];
    }

    [GeneratedRegex(@"^\s*\S+ -> \S+@(sha256:[0-9a-f]{64})\s*$", RegexOptions.Multiline)]
    private static partial Regex Published();

    [GeneratedRegex(@"error [A-Z]+[0-9]+: [^\r\n]*", RegexOptions.None)]
    private static partial Regex Errors();
}

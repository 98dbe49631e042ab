using System.Globalization;

namespace MultiArch.Oci.Verification;

/// <summary>A shared framework that an app asks for.</summary>
/// <param name="Name">Such as <c>Microsoft.NETCore.App</c>.</param>
/// <param name="Version">Such as <c>10.0.0</c>, the least that the app takes.</param>
public sealed record RequiredFramework(string Name, string Version)
{
    /// <summary>Null leaves it to <c>DOTNET_ROLL_FORWARD</c>, else to the default.</summary>
    public RollForward? RollForward { get; init; }

    /// <summary>Whether one of the installed versions is one that the host would take.</summary>
    /// <param name="environment">The container's <c>DOTNET_ROLL_FORWARD</c>, which wins; null without it.</param>
    public bool IsIn(IEnumerable<string> installed, RollForward? environment)
    {
        var roll = environment ?? RollForward ?? Verification.RollForward.Minor;
        return Parse(Version) is not { } wanted || installed.Any(version => version == Version || (Parse(version) is { } offered && Takes(wanted, offered, roll)));
    }

    private static bool Takes(Version wanted, Version offered, RollForward roll) => roll switch
    {
        _ when offered < wanted => false,
        Verification.RollForward.Disable => offered == wanted,
        Verification.RollForward.LatestPatch => (offered.Major, offered.Minor) == (wanted.Major, wanted.Minor),
        Verification.RollForward.Minor or Verification.RollForward.LatestMinor => offered.Major == wanted.Major,
        _ => true,
    };

    /// <summary>Of a preview the number before the dash: which of two previews is older makes no message worth having.</summary>
    private static Version? Parse(string version)
    {
        var parts = version.Split('-', '+')[0].Split('.');
        return parts is [var major, var minor, var patch]
            && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            && int.TryParse(patch, NumberStyles.None, CultureInfo.InvariantCulture, out var third)
                ? new Version(first, second, third)
                : null;
    }
}

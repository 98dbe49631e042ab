namespace MultiArch.Oci.Verification;

/// <summary>Which version an app takes in place of the one it asks for.</summary>
/// <remarks>https://learn.microsoft.com/dotnet/core/versions/selection#control-roll-forward-behavior</remarks>
public enum RollForward
{
    Disable,
    LatestPatch,

    /// <summary>The default.</summary>
    Minor,
    LatestMinor,
    Major,
    LatestMajor,
}

internal static class RollForwards
{
    /// <returns>Null for what is none of them, which the host refuses by itself.</returns>
    public static RollForward? TryParse(string? text) =>
        Enum.TryParse<RollForward>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace MultiArch.Build;

/// <summary>The version of a .NET SDK, such as <c>10.0.401</c> or <c>11.0.100-preview.3.25201.16</c>, as far as the tags of Microsoft's images follow from it.</summary>
/// <param name="Prerelease">The parts behind the dash; empty for a release.</param>
internal sealed partial record SdkVersion(int Major, int Minor, int Patch, IReadOnlyList<string> Prerelease)
{
    /// <returns>Null if the text is no version of an SDK.</returns>
    public static SdkVersion? Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var numbers = Enumerable.Range(1, 3).Select(group => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray();
        return new SdkVersion(numbers[0], numbers[1], numbers[2], match.Groups[4].Success ? match.Groups[4].Value.Split('.') : []);
    }

    /// <summary>The tag of the images that belong to this SDK: <c>10.0</c>, or <c>11.0.0-preview.3</c> while there is no release.</summary>
    /// <returns>Null if Microsoft tags no images for such a version.</returns>
    /// <remarks>https://github.com/dotnet/dotnet-docker/blob/main/documentation/supported-tags.md. Only the first feature band, 100, comes before the release.</remarks>
    public string? ToImageTag() => (Patch == 100 ? Prerelease : []) switch
    {
        [] or ["rtm" or "servicing", ..] => $"{Major}.{Minor}",
        ["preview" or "rc", var number, ..] => $"{Major}.{Minor}.0-{Prerelease[0]}.{number}",
        ["alpha" or "ci" or "dev", ..] => $"{Major}.{Minor}-preview",
        _ => null,
    };

    [GeneratedRegex(@"^([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

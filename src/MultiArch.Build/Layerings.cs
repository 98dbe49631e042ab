using System.Globalization;
using MultiArch.Oci;
using MultiArch.Oci.Layers;

namespace MultiArch.Build;

/// <summary>Reads the properties MultiArchLayering and MultiArchMaxLayers.</summary>
internal static class Layerings
{
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidLayering"/> or <see cref="DiagnosticCodes.InvalidMaxLayers"/>.</exception>
    public static Layering Parse(string layering, string maxLayers)
    {
        var split = new Layering(ParseMaxLayers(maxLayers));
        return layering.ToUpperInvariant() switch
        {
            "" or "SPLIT" => split,
            "SINGLE" => Layering.OneLayer,
            _ => throw new MultiArchException(DiagnosticCodes.InvalidLayering, $"MultiArchLayering '{layering}' is unknown. Set it to split or single."),
        };
    }

    private static int ParseMaxLayers(string text) =>
        text.Length == 0 ? Layering.DefaultMaxLayers
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new MultiArchException(DiagnosticCodes.InvalidMaxLayers, $"MultiArchMaxLayers '{text}' is not a number of layers. Give a number from 1 up, or leave it out for {Layering.DefaultMaxLayers}.");
}

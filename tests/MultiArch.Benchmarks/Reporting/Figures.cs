using System.Globalization;

namespace MultiArch.Benchmarks.Reporting;

/// <summary>How numbers are written, in every language of the machine.</summary>
internal static class Figures
{
    public static string Format(double figure, Unit unit) => unit switch
    {
        Unit.Ratio => Invariant($"{figure:F2}"),
        Unit.Percent => Invariant($"{figure * 100:F3} %"),
        Unit.Count => Invariant($"{figure:N0}"),
        _ => Invariant($"{figure:F1} MB"),
    };

    public static string Seconds(double seconds) => Invariant($"{seconds:F2}");

    public static string Megabytes(double bytes) => Invariant($"{bytes / 1e6:F0}");

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

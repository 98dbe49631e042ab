namespace MultiArch.Benchmarks.Reporting;

/// <summary>Medians: what a busy moment of the machine cannot move far.</summary>
public static class Statistics
{
    /// <summary>The middle value; of an even number, the mean of the two in the middle.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length switch
        {
            0 => throw new ArgumentException("There is no median of nothing.", nameof(values)),
            var n when n % 2 == 1 => sorted[n / 2],
            var n => (sorted[(n / 2) - 1] + sorted[n / 2]) / 2,
        };
    }

    /// <summary>The median of the one by the median of the other.</summary>
    public static double Ratio(IEnumerable<double> ours, IEnumerable<double> theirs) => Median(ours) / Median(theirs);

    /// <summary>What one more costs: the least-squares slope of medians over how much there was.</summary>
    /// <param name="points">How much there was, and what it cost.</param>
    public static double Slope(IEnumerable<(double Amount, double Cost)> points)
    {
        var medians = points.GroupBy(point => point.Amount).Select(group => (Amount: group.Key, Cost: Median(group.Select(point => point.Cost)))).ToList();
        if (medians.Count < 2)
        {
            throw new ArgumentException("There is no slope through one amount.", nameof(points));
        }

        var (meanAmount, meanCost) = (medians.Average(point => point.Amount), medians.Average(point => point.Cost));
        return medians.Sum(point => (point.Amount - meanAmount) * (point.Cost - meanCost)) / medians.Sum(point => Math.Pow(point.Amount - meanAmount, 2));
    }
}

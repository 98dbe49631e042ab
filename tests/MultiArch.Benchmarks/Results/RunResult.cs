using MultiArch.Benchmarks.Measuring;

namespace MultiArch.Benchmarks.Results;

/// <summary>One run of one contender.</summary>
/// <param name="Number">From 1; the runs of one number were made one after the other.</param>
/// <param name="Scale">How much of it, for a case that grows: platforms, files, MB. Else 0.</param>
/// <param name="Facts">What was counted beside the times: <c>requests</c>, <c>sentBytes</c>, <c>layerBytes</c>, <c>filesWritten</c>.</param>
public sealed record RunResult(string Contender, int Number, int Scale, Measurement Cost, IReadOnlyDictionary<string, long> Facts);

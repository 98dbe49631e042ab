using MultiArch.Benchmarks.Registries;

namespace MultiArch.Benchmarks.Cases;

/// <summary>One run of one contender, while it is made.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Scale">See <see cref="BenchmarkCase.Scales"/>.</param>
/// <param name="Registry">Where the result goes.</param>
/// <param name="RegistryName">By what name the contender knows it.</param>
/// <param name="Repository">The result's.</param>
/// <param name="Folder">Empty at first, and gone after the run.</param>
public sealed record Run(int Number, int Scale, BenchmarkRegistry Registry, string RegistryName, string Repository, string Folder)
{
    public string Target => $"{RegistryName}/{Repository}:latest";

    /// <summary>What was counted; goes into the results.</summary>
    public Dictionary<string, long> Facts { get; } = [];
}

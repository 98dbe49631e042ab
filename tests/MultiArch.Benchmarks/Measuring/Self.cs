namespace MultiArch.Benchmarks.Measuring;

/// <summary>This program once more.</summary>
internal static class Self
{
    /// <summary>Program and arguments: the executable, or <c>dotnet</c> with the assembly where it was started so.</summary>
    public static IReadOnlyList<string> Command(string verb, string argument) =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "MultiArch.Benchmarks.dll"), verb, argument]
            : [Environment.ProcessPath!, verb, argument];
}

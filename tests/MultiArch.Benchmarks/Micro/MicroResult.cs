using System.Text.Json;
using MultiArch.Benchmarks.Results;

namespace MultiArch.Benchmarks.Micro;

/// <summary>What BenchmarkDotNet found out about one part.</summary>
/// <param name="Bytes">That go in at each call; 0 where a rate says nothing.</param>
/// <param name="Mean">Nanoseconds a call.</param>
/// <param name="Deviation">Standard deviation, nanoseconds.</param>
/// <param name="Allocated">Bytes a call, on the managed heap.</param>
/// <param name="Headers">How many files' headers are read at each call; 0 where that is not the work.</param>
public sealed record MicroResult(string Name, long Bytes, double Mean, double Deviation, long Allocated, int Headers = 0)
{
    internal const string FileName = "micro.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <returns>Empty when they have not been run.</returns>
    public static IReadOnlyList<MicroResult> Read(ResultFolder folder) =>
        File.Exists(folder[FileName]) ? JsonSerializer.Deserialize<List<MicroResult>>(File.ReadAllText(folder[FileName]), Json)! : [];

    internal static void Write(ResultFolder folder, IReadOnlyList<MicroResult> results) => folder.Write(FileName, JsonSerializer.Serialize(results, Json) + "\n");
}

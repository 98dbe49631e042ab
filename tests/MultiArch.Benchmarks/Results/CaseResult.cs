using System.Text.Json;

namespace MultiArch.Benchmarks.Results;

/// <summary>All runs of one case, as they are kept in <c>results/&lt;case&gt;.json</c>.</summary>
/// <param name="Recorded">The day, UTC.</param>
public sealed record CaseResult(string Case, string Recorded, Machine Machine, IReadOnlyList<RunResult> Runs)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static CaseResult Parse(string json) => JsonSerializer.Deserialize<CaseResult>(json, Json) ?? throw new FormatException("The result is empty.");

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";
}

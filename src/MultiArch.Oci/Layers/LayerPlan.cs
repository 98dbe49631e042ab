using System.Text.Json.Serialization;

namespace MultiArch.Oci.Layers;

/// <summary>Which file goes to which path in one layer: pure data, in any order.</summary>
/// <param name="Title">What the layer holds, for reports and history: <c>app</c>. No part of its identity.</param>
public sealed record LayerPlan(string Title, IReadOnlyList<LayerFile> Files)
{
    /// <summary>Whether the files are an operating system's packages, which bring what they need.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOfSystem { get; init; }

    /// <summary>Finds what no layer can hold, reading no file.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.PathTwice"/> or <see cref="DiagnosticCodes.InvalidPath"/>.</exception>
    public void Validate() => LayerTree.Arrange(this);
}

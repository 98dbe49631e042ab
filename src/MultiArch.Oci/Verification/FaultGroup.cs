using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification;

/// <summary>Files of one platform with the same fault, which are told in one line.</summary>
/// <param name="RuntimeIdentifier">Null when an image is looked at that somebody else made.</param>
/// <param name="Faults">One or more, all as the first.</param>
public sealed record FaultGroup(string? RuntimeIdentifier, IReadOnlyList<PlatformFault> Faults)
{
    private const int MaxNamed = 4;

    /// <summary>One of <see cref="DiagnosticCodes"/>.</summary>
    public string Code => FaultAdvice.CodeOf(First.Kind);

    public bool IsCertain => First.IsCertain;

    private PlatformFault First => Faults[0];

    /// <summary>Puts together what has one reason.</summary>
    public static IReadOnlyList<FaultGroup> Of(string? runtimeIdentifier, IEnumerable<PlatformFault> faults) =>
        [.. faults.GroupBy(fault => (fault.Kind, fault.IsCertain, Subject(fault))).Select(group => new FaultGroup(runtimeIdentifier, [.. group]))];

    /// <summary>The line without its code: files, what they are, what they would have to be, what people would have read, and where it mostly comes from.</summary>
    public string Describe()
    {
        var texts = First.Texts.Select(text => $"\"{OneLine.Of(text.Text)}\" ({text.When})");
        return $"{(RuntimeIdentifier is { } rid ? $"{rid}: " : "")}{Names()}: found {OneLine.Of(First.Found)}, expected {OneLine.Of(First.Expected)}. "
            + $"Used, it says: {string.Join("; ", texts)}. Likely cause: {FaultAdvice.LikelyCause(First, RuntimeIdentifier)}.";
    }

    /// <summary>What is found differs in small things where files are for another C library, and the reason is the same.</summary>
    private static string Subject(PlatformFault fault) => fault.Kind is FaultKind.ForeignCLibrary ? "" : fault.Found;

    private string Names()
    {
        var named = string.Join(", ", Faults.Take(MaxNamed).Select(fault => $"'{OneLine.Of(fault.Path)}'"));
        return Faults.Count > MaxNamed ? $"{Faults.Count} files, {named} …" : named;
    }
}

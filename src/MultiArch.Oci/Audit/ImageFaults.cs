using MultiArch.Oci.Inspection;
using MultiArch.Oci.Verification;

namespace MultiArch.Oci.Audit;

/// <summary>Puts what is wrong with one image into words.</summary>
/// <param name="name">Of the image: its platform.</param>
internal sealed class ImageFaults(string name)
{
    // In a message; the report names more.
    private const int MaxNamed = 5;

    private readonly List<VerificationFault> _faults = [];
    private readonly string _name = OneLine.Of(name, 80);

    public IReadOnlyList<VerificationFault> All => _faults;

    public void AddUnreadable(string why) =>
        Add(DiagnosticCodes.VerifiedImageUnreadable, isCertain: true, $"cannot be read: {OneLine.Of(why).TrimEnd('.')}. Its publisher has to make it again.");

    /// <summary>A config that leaves the variant out says less than the index, and nothing else.</summary>
    public void AddPlatforms(Platform? index, Platform config)
    {
        if (index is null || index.IsSameAs(config))
        {
            return;
        }

        var (claimed, actual) = (index.Normalize(), config.Normalize());
        var isCertain = claimed.OS != actual.OS || claimed.Architecture != actual.Architecture || !string.IsNullOrEmpty(config.Variant);
        Add(
            DiagnosticCodes.PlatformContradicted,
            isCertain,
            $"is {OneLine.Of(index.ToString(), 80)} in the index and {OneLine.Of(config.ToString(), 80)} in its own config. Some clients refuse that, others run it where it does not fit. Make the index from the images' configs.");
    }

    public void AddFiles(ImageFiles files)
    {
        var lies = files.Disagreeing.Where(file => file.IsLie).ToList();
        if (lies.Count > 0)
        {
            var (first, text) = (lies[0], lies[0].Fault.Texts.Select(one => $" Who uses the first reads: {OneLine.Of(one.Text)}").FirstOrDefault());
            Add(DiagnosticCodes.FilesOfAnotherPlatform, isCertain: true, $"has {Count(lies.Count, "file")} not made for it: {List(lies)}. Expected: {first.Fault.Expected}.{text}. Build the image from files of that platform.");
        }

        foreach (var lacks in files.Lacks.GroupBy(lack => (lack.Kind, lack.IsCertain)))
        {
            var (first, others) = (lacks.First(), lacks.Count() - 1);
            var more = others > 0 ? $". {others} more of that kind" : "";
            Add(
                FaultAdvice.CodeOf(lacks.Key.Kind),
                lacks.Key.IsCertain,
                $"lacks something: {OneLine.Of(first.Path, 120)} is {OneLine.Of(first.Found, 120)}. Expected: {OneLine.Of(first.Expected, 120)}. Who uses it reads: {OneLine.Of(first.Texts[0].Text)}{more}.");
        }

        // Files of Windows and macOS beside others are data; the report has them.
        var beside = files.Disagreeing.Where(file => !file.IsLie && file.Fault.Kind is not (FaultKind.WindowsNative or FaultKind.MachOOnLinux)).ToList();
        if (beside.Count > 0)
        {
            Add(DiagnosticCodes.FilesOfOtherPlatforms, isCertain: false, $"also has {Count(beside.Count, "file")} not made for it, which may be there on purpose: {List(beside)}. What is not needed can be left out.");
        }
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string List(List<DisagreeingFile> files)
    {
        var named = files.Take(MaxNamed).Select(file => $"{OneLine.Of(file.Fault.Path, 120)} ({OneLine.Of(file.Fault.Found, 80)}{(file.Reason is null ? "" : "; " + file.Reason)})");
        return string.Join(", ", named) + (files.Count > MaxNamed ? $", and {files.Count - MaxNamed} more" : "");
    }

    private void Add(string code, bool isCertain, string what) => _faults.Add(new VerificationFault(code, isCertain, $"{_name} {what}"));
}

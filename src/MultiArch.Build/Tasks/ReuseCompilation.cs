using Microsoft.Build.Framework;

namespace MultiArch.Build.Tasks;

/// <summary>Gives a platform the assembly that the first platform compiled, if the compiler would have been given the same.</summary>
/// <remarks>
/// The copies are made newer than every input, so that CoreCompile's own check finds them up to date. When nothing changed since the last
/// publish nothing is written, or every step after the compiler would run again.
/// </remarks>
[MSBuildMultiThreadableTask]
public sealed class ReuseCompilation : Microsoft.Build.Utilities.Task
{
    private const string Compiled = "compiled";

    /// <summary>The first platform's obj folder, absolute, with a trailing slash.</summary>
    [Required]
    public string DonorFolder { get; set; } = "";

    /// <summary>This platform's, likewise.</summary>
    [Required]
    public string IntermediateFolder { get; set; } = "";

    /// <summary>The name of the file that FingerprintCompilation wrote into both.</summary>
    [Required]
    public string FingerprintFile { get; set; } = "";

    /// <summary>The compiler's outputs below <see cref="IntermediateFolder"/>; those that it was not asked for do not exist.</summary>
    [Required]
    public ITaskItem[] Outputs { get; set; } = [];

    public override bool Execute()
    {
        var donor = Path.Combine(DonorFolder, FingerprintFile);
        if (!File.Exists(donor) || File.ReadAllText(donor) != File.ReadAllText(Path.Combine(IntermediateFolder, FingerprintFile)))
        {
            Log.LogMessage(MessageImportance.Normal, "This platform is compiled on its own: its compiler inputs differ from those in '{0}'.", DonorFolder);
            return true;
        }

        foreach (var output in Outputs.Select(item => Path.GetFullPath(item.GetMetadata("FullPath"))))
        {
            if (output.StartsWith(IntermediateFolder, StringComparison.Ordinal))
            {
                Reuse(output[IntermediateFolder.Length..]);
            }
        }

        return true;
    }

    /// <summary>Both folders keep what came out of the compiler apart from the file in place, which a weaver or a signer may have changed since.</summary>
    private void Reuse(string file)
    {
        var source = Path.Combine(DonorFolder, Compiled, file);
        var kept = Path.Combine(IntermediateFolder, Compiled, file);
        var destination = Path.Combine(IntermediateFolder, file);
        if (!File.Exists(source) || (File.Exists(destination) && IsCurrent(source, kept)))
        {
            return;
        }

        foreach (var copy in new[] { kept, destination })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(source, copy, overwrite: true);
            File.SetLastWriteTimeUtc(copy, DateTime.UtcNow);
        }

        Log.LogMessage(MessageImportance.Low, "Reused '{0}' as '{1}'.", source, destination);
    }

    private static bool IsCurrent(string source, string kept) =>
        File.Exists(kept)
        && File.GetLastWriteTimeUtc(kept) >= File.GetLastWriteTimeUtc(source)
        && File.ReadAllBytes(kept).AsSpan().SequenceEqual(File.ReadAllBytes(source));
}

using Microsoft.Build.Framework;

namespace MultiArch.Build.Tasks;

/// <summary>Gives a platform the assembly that the first platform compiled, if the compiler would have been given the same.</summary>
/// <remarks>
/// The copies are made newer than every input, so that CoreCompile's own check finds them up to date. When nothing changed since the last
/// publish nothing is written, or every step after the compiler would run again.
/// </remarks>
public sealed class ReuseCompilation : Microsoft.Build.Utilities.Task
{
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
                Reuse(Path.Combine(DonorFolder, output[IntermediateFolder.Length..]), output);
            }
        }

        return true;
    }

    private void Reuse(string source, string destination)
    {
        if (!File.Exists(source) || IsCurrent(source, destination))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
        File.Copy(source, destination, overwrite: true);
        File.SetLastWriteTimeUtc(destination, DateTime.UtcNow);
        Log.LogMessage(MessageImportance.Low, "Reused '{0}' as '{1}'.", source, destination);
    }

    private static bool IsCurrent(string source, string destination) =>
        File.Exists(destination)
        && File.GetLastWriteTimeUtc(destination) >= File.GetLastWriteTimeUtc(source)
        && File.ReadAllBytes(destination).AsSpan().SequenceEqual(File.ReadAllBytes(source));
}

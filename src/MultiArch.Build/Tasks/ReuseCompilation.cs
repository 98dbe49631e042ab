using Microsoft.Build.Framework;

namespace MultiArch.Build.Tasks;

/// <summary>Gives a platform what was compiled for the first one, when the compiler would have been given the same.</summary>
/// <remarks>
/// The copies are made newer than every input, so that the compiling target's own check finds them up to date. When nothing changed since
/// the last publish nothing is written, or every step after the compiler would run again.
/// </remarks>
[MSBuildMultiThreadableTask]
public sealed class ReuseCompilation : Microsoft.Build.Utilities.Task
{
    /// <summary>The folder that KeepCompilation filled for the first platform, absolute.</summary>
    [Required]
    public string DonorFolder { get; set; } = "";

    /// <summary>The one of this platform: what it got last time, which a weaver or a signer has not changed since. Absolute.</summary>
    [Required]
    public string KeptFolder { get; set; } = "";

    /// <summary>This platform's obj folder, absolute, with a trailing slash.</summary>
    [Required]
    public string IntermediateFolder { get; set; } = "";

    /// <summary>What the compiling target looks at to see whether it is up to date.</summary>
    [Required]
    public ITaskItem[] Outputs { get; set; } = [];

    /// <summary>A file that no copy may be older than; empty for none.</summary>
    public string NewerThan { get; set; } = "";

    public override bool Execute()
    {
        var files = Directory.Exists(DonorFolder)
            ? Directory.GetFiles(DonorFolder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(DonorFolder, file)).ToList()
            : [];
        if (files.All(IsCurrent))
        {
            return true;
        }

        // One time for all, as if one compiler had written them.
        var now = DateTime.UtcNow;
        foreach (var file in files)
        {
            foreach (var copy in new[] { Path.Combine(KeptFolder, file), Path.Combine(IntermediateFolder, file) })
            {
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(Path.Combine(DonorFolder, file), copy, overwrite: true);
                File.SetLastWriteTimeUtc(copy, now);
            }
        }

        // A documentation file that the project puts beside its sources is there already, and older than this platform's fingerprint.
        foreach (var shared in Outputs.Select(item => Path.GetFullPath(item.GetMetadata("FullPath"))).Where(path => !path.StartsWith(IntermediateFolder, StringComparison.Ordinal) && File.Exists(path)))
        {
            File.SetLastWriteTimeUtc(shared, now);
        }

        Log.LogMessage(MessageImportance.Low, "Took {0} files from '{1}'.", files.Count, DonorFolder);
        return true;
    }

    private bool IsCurrent(string file)
    {
        var source = Path.Combine(DonorFolder, file);
        var kept = Path.Combine(KeptFolder, file);
        var destination = Path.Combine(IntermediateFolder, file);
        return File.Exists(destination)
            && File.Exists(kept)
            && File.GetLastWriteTimeUtc(kept) >= File.GetLastWriteTimeUtc(source)
            && (NewerThan.Length == 0 || File.GetLastWriteTimeUtc(destination) >= File.GetLastWriteTimeUtc(Path.GetFullPath(NewerThan, IntermediateFolder)))
            && File.ReadAllBytes(kept).AsSpan().SequenceEqual(File.ReadAllBytes(source));
    }
}

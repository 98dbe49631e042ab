using Microsoft.Build.Framework;

namespace MultiArch.Build.Tasks;

/// <summary>Keeps a copy of what came out of the compiler: the file in place may be changed by a weaver or a signer, and another platform shall not get that.</summary>
[MSBuildMultiThreadableTask]
public sealed class KeepCompilation : Microsoft.Build.Utilities.Task
{
    /// <summary>What the compiler may have written; those that it was not asked for do not exist.</summary>
    [Required]
    public ITaskItem[] Outputs { get; set; } = [];

    /// <summary>The platform's obj folder, absolute, with a trailing slash. Outputs elsewhere are shared by all platforms as they stand.</summary>
    [Required]
    public string IntermediateFolder { get; set; } = "";

    /// <summary>Absolute. Holds the copies, under their paths in <see cref="IntermediateFolder"/> and with their times, and nothing else.</summary>
    [Required]
    public string KeptFolder { get; set; } = "";

    public override bool Execute()
    {
        var outputs = Outputs.Select(item => Path.GetFullPath(item.GetMetadata("FullPath")))
            .Where(path => path.StartsWith(IntermediateFolder, StringComparison.Ordinal) && File.Exists(path))
            .ToDictionary(path => Path.Combine(KeptFolder, path[IntermediateFolder.Length..]));

        if (Directory.Exists(KeptFolder))
        {
            foreach (var stale in Directory.GetFiles(KeptFolder, "*", SearchOption.AllDirectories).Where(file => !outputs.ContainsKey(file)))
            {
                File.Delete(stale);
            }
        }

        foreach (var (kept, output) in outputs.Where(entry => !IsCopy(entry.Key, entry.Value)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
            File.Copy(output, kept, overwrite: true);
            File.SetLastWriteTimeUtc(kept, File.GetLastWriteTimeUtc(output));
        }

        return true;
    }

    private static bool IsCopy(string kept, string output) =>
        File.Exists(kept) && File.GetLastWriteTimeUtc(kept) == File.GetLastWriteTimeUtc(output) && new FileInfo(kept).Length == new FileInfo(output).Length;
}

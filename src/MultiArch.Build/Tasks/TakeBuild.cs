using Microsoft.Build.Framework;
using MultiArch.Oci;

namespace MultiArch.Build.Tasks;

/// <summary>Copies what a plain build compiled into a platform's obj folder.</summary>
/// <remarks>A copy that differs from what was there gets the present time, even if the build is older: what was made of the earlier file must be made again.</remarks>
[MSBuildMultiThreadableTask]
public sealed class TakeBuild : Microsoft.Build.Utilities.Task
{
    /// <summary>The plain build's obj folder, absolute, with a trailing slash.</summary>
    [Required]
    public string BuildFolder { get; set; } = "";

    /// <summary>The platform's, likewise.</summary>
    [Required]
    public string IntermediateFolder { get; set; } = "";

    /// <summary>Named in the error.</summary>
    [Required]
    public string Configuration { get; set; } = "";

    /// <summary>Files below <see cref="IntermediateFolder"/> that the image cannot do without.</summary>
    public ITaskItem[] Required { get; set; } = [];

    /// <summary>Those that a compiler may not have been asked for.</summary>
    public ITaskItem[] Optional { get; set; } = [];

    public override bool Execute()
    {
        foreach (var file in Relative(Required))
        {
            if (!File.Exists(Path.Combine(BuildFolder, file)))
            {
                Log.Error(DiagnosticCodes.NotBuilt, $"'{Path.Combine(BuildFolder, file)}' is missing, which --no-build would put into the image. Run 'dotnet build -c {Configuration}' first.");
                return false;
            }
        }

        foreach (var file in Relative(Required).Concat(Relative(Optional)))
        {
            Take(file);
        }

        return true;
    }

    private void Take(string file)
    {
        var source = Path.Combine(BuildFolder, file);
        var destination = Path.Combine(IntermediateFolder, file);
        if (!File.Exists(source) || (File.Exists(destination) && File.ReadAllBytes(destination).AsSpan().SequenceEqual(File.ReadAllBytes(source))))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
        File.Copy(source, destination, overwrite: true);
        File.SetLastWriteTimeUtc(destination, DateTime.UtcNow);
    }

    private IEnumerable<string> Relative(ITaskItem[] items) => items
        .Select(item => Path.GetFullPath(item.GetMetadata("FullPath")))
        .Where(path => path.StartsWith(IntermediateFolder, StringComparison.Ordinal))
        .Select(path => path[IntermediateFolder.Length..]);
}

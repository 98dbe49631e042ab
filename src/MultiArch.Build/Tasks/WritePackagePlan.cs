using Microsoft.Build.Framework;
using MultiArch.Debian;

namespace MultiArch.Build.Tasks;

/// <summary>Writes down what one platform wants of an operating system's packages; without a file to write, finds what is wrong with it.</summary>
[MSBuildMultiThreadableTask]
public sealed class WritePackagePlan : AsyncTask
{
    [Required]
    public string RuntimeIdentifier { get; set; } = "";

    /// <summary>As the project says it; needed with <see cref="PlanFile"/>.</summary>
    public string BaseImage { get; set; } = "";

    /// <summary>Identity: a name, or alternatives. Metadata: <c>Version</c>.</summary>
    public ITaskItem[] Packages { get; set; } = [];

    /// <summary>Identity: a package's name, or a pattern of paths.</summary>
    public ITaskItem[] Excludes { get; set; } = [];

    /// <summary>Without it, nothing is left out but what is named.</summary>
    public bool ExcludesByDefault { get; set; } = true;

    /// <summary>Identity: a URI. Metadata: <c>Suite</c>, <c>Components</c>, <c>SignedBy</c>.</summary>
    public ITaskItem[] Sources { get; set; } = [];

    /// <summary>Absolute.</summary>
    [Required]
    public string ProjectDirectory { get; set; } = "";

    /// <summary>Absolute; empty to write nothing.</summary>
    public string PlanFile { get; set; } = "";

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var requests = OSPackageItems.ReadRequests(Packages);
        if (requests.Count > 0)
        {
            DebianArchitecture.Of(RuntimeIdentifier);
        }

        var plan = new PackagePlan(
            RuntimeIdentifier,
            BaseImage,
            requests,
            OSPackageItems.ReadExcludes(Excludes, ExcludesByDefault, requests),
            OSPackageItems.ReadSources(Sources, ProjectDirectory));
        if (PlanFile.Length > 0)
        {
            await AtomicFile.WriteIfChangedAsync(PlanFile, plan.ToUtf8Bytes(), cancellationToken);
        }
    }
}

using Microsoft.Build.Framework;

namespace MultiArch.Build.Tasks;

/// <summary>Chooses Microsoft's image for a project that names none, as the .NET SDK does, for one platform.</summary>
/// <remarks>https://learn.microsoft.com/dotnet/core/containers/publish-configuration#containerbaseimage</remarks>
[MSBuildMultiThreadableTask]
public sealed class InferBaseImage : Microsoft.Build.Utilities.Task
{
    [Required]
    public string RuntimeIdentifier { get; set; } = "";

    /// <summary>Such as <c>10.0</c>.</summary>
    [Required]
    public string TargetFrameworkVersion { get; set; } = "";

    public ITaskItem[] FrameworkReferences { get; set; } = [];

    public bool IsSelfContained { get; set; }

    /// <summary>The suffix of the tag, such as <c>alpine</c> or <c>noble-chiseled</c>; empty to follow the RuntimeIdentifier.</summary>
    public string Family { get; set; } = "";

    [Output]
    public string BaseImage { get; set; } = "";

    public override bool Execute()
    {
        var usesAspNetCore = FrameworkReferences.Any(reference => string.Equals(reference.ItemSpec, "Microsoft.AspNetCore.App", StringComparison.OrdinalIgnoreCase));
        var image = IsSelfContained ? "runtime-deps" : usesAspNetCore ? "aspnet" : "runtime";
        var family = Family.Length > 0 ? Family : RuntimeIdentifier.StartsWith("linux-musl-", StringComparison.Ordinal) ? "alpine" : "";
        BaseImage = $"mcr.microsoft.com/dotnet/{image}:{TargetFrameworkVersion}{(family.Length > 0 ? "-" + family : "")}";
        return true;
    }
}

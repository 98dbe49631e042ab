using System.Globalization;
using Microsoft.Build.Framework;
using MultiArch.Oci;

namespace MultiArch.Build.Tasks;

/// <summary>Chooses Microsoft's image for a project that names none, as the .NET SDK does, for one platform.</summary>
/// <remarks>https://learn.microsoft.com/dotnet/core/containers/publish-configuration#containerbaseimage</remarks>
[MSBuildMultiThreadableTask]
public sealed class InferBaseImage : Microsoft.Build.Utilities.Task
{
    private const string Registry = "mcr.microsoft.com";

    /// <summary>The Ubuntu of the images without a shell, which is 24.04 since the SDK 8.0.300.</summary>
    private const string Chiseled = "noble-chiseled";

    /// <summary>The first .NET with images without a shell, and with <c>-extra</c> ones that bring time zones and ICU.</summary>
    private const int FirstWithVariants = 8;

    /// <summary>Empty where none is known yet: then for glibc.</summary>
    public string RuntimeIdentifier { get; set; } = "";

    /// <summary>Such as <c>10.0</c>.</summary>
    [Required]
    public string TargetFrameworkVersion { get; set; } = "";

    /// <summary>Such as <c>10.0.401</c>.</summary>
    [Required]
    public string SdkVersion { get; set; } = "";

    public ITaskItem[] FrameworkReferences { get; set; } = [];

    public bool IsSelfContained { get; set; }

    public bool IsAot { get; set; }

    public bool IsTrimmed { get; set; }

    public bool UsesInvariantGlobalization { get; set; }

    /// <summary>The suffix of the tag, such as <c>alpine</c> or <c>noble-chiseled</c>; empty to follow the RuntimeIdentifier.</summary>
    public string Family { get; set; } = "";

    [Output]
    public string BaseImage { get; set; } = "";

    public override bool Execute()
    {
        try
        {
            BaseImage = $"{Registry}/dotnet/{Repository()}:{Tag()}";
        }
        catch (MultiArchException e)
        {
            Log.Error(e.Code, e.Message);
        }

        return !Log.HasLoggedErrors;
    }

    private bool IsMusl => RuntimeIdentifier.StartsWith("linux-musl", StringComparison.Ordinal);

    private bool HasFamily => !string.IsNullOrWhiteSpace(Family);

    private string Repository() =>
        IsSelfContained ? "runtime-deps"
        : FrameworkReferences.Any(reference => reference.ItemSpec.Equals("Microsoft.AspNetCore.App", StringComparison.OrdinalIgnoreCase)) ? "aspnet"
        : "runtime";

    private string Tag()
    {
        var framework = Version.TryParse(TargetFrameworkVersion, out var version) ? version : null;
        if (framework is { Major: < FirstWithVariants })
        {
            return WithSuffix(FrameworkTag(framework), HasFamily ? Family : IsMusl ? "alpine" : "");
        }

        var sdk = Build.SdkVersion.Parse(SdkVersion);
        // An older target framework has been released, whatever the SDK is.
        var tag = framework is not null && sdk is not null && (framework.Major < sdk.Major || framework.Minor < sdk.Minor)
            ? FrameworkTag(framework)
            : sdk?.ToImageTag();
        if (tag is null || sdk is null)
        {
            throw new MultiArchException(
                DiagnosticCodes.BaseNotInferred,
                $"No base image can be chosen for the .NET SDK '{SdkVersion}': Microsoft has images for releases, previews and release candidates. Set ContainerBaseImage.");
        }

        if (HasFamily)
        {
            var isGlobalChiseled = Family.EndsWith("-chiseled", StringComparison.Ordinal) && !IsMusl && !UsesInvariantGlobalization;
            return $"{tag}-{Family}{(isGlobalChiseled && sdk.Prerelease.Count == 0 ? "-extra" : "")}";
        }

        var isSmall = IsAot || IsTrimmed;
        return WithSuffix(tag, IsMusl ? "alpine" : isSmall ? Chiseled : "") + (isSmall && !UsesInvariantGlobalization ? "-extra" : "");
    }

    private static string FrameworkTag(Version framework) => string.Create(CultureInfo.InvariantCulture, $"{framework.Major}.{framework.Minor}");

    private static string WithSuffix(string tag, string suffix) => suffix.Length > 0 ? $"{tag}-{suffix}" : tag;
}

using System.Text.RegularExpressions;
using Microsoft.Build.Framework;
using MultiArch.Oci;
using MultiArch.Oci.Images;

namespace MultiArch.Build.Tasks;

/// <summary>Finds what is wrong with an image's names before anything is restored, compiled or sent. Says all of it at once.</summary>
[MSBuildMultiThreadableTask]
public sealed partial class ValidateImage : Microsoft.Build.Utilities.Task
{
    /// <summary>RuntimeIdentifiers, separated by <c>;</c>.</summary>
    [Required]
    public string RuntimeIdentifiers { get; set; } = "";

    public string Registry { get; set; } = "";

    /// <summary>As the project says it; empty to make one of <see cref="AssemblyName"/>.</summary>
    public string Repository { get; set; } = "";

    [Required]
    public string AssemblyName { get; set; } = "";

    public string Tag { get; set; } = "";

    /// <summary>Separated by <c>;</c>.</summary>
    public string Tags { get; set; } = "";

    public string ImageFormat { get; set; } = "";

    /// <inheritdoc cref="DestinationSettings"/>
    public string ArchivePath { get; set; } = "";

    /// <inheritdoc cref="DestinationSettings"/>
    public string LocalRegistry { get; set; } = "";

    /// <summary>Identity: the key. Metadata: <c>Value</c>, <c>Scope</c>.</summary>
    public ITaskItem[] Annotations { get; set; } = [];

    /// <summary>Empty only where none is needed.</summary>
    [Output]
    public string ValidRepository { get; set; } = "";

    [Output]
    public string[] ValidTags { get; set; } = [];

    public override bool Execute()
    {
        Check(ValidatePlatforms);
        Check(ValidateName);
        Check(ValidateTags);
        Check(() => AnnotationItems.Read(Annotations, AnnotationScope.Index, ImageFormats.Parse(ImageFormat)));
        if (IsForEngine)
        {
            Check(() => LocalEngines.OnPath().Require(LocalRegistry));
        }

        return !Log.HasLoggedErrors;
    }

    private bool IsForEngine => LocalRegistry.Length > 0 && ArchivePath.Length == 0 && Registry.Length == 0;

    private void Check(Action check)
    {
        try
        {
            check();
        }
        catch (MultiArchException e)
        {
            Log.Error(e.Code, e.Message);
        }
    }

    private void ValidatePlatforms()
    {
        var named = RuntimeIdentifiers
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Distinct(StringComparer.Ordinal)
            .Select(rid => (RuntimeIdentifier: rid, Platform: Oci.RuntimeIdentifiers.ToPlatform(rid)))
            .ToList();
        if (named.GroupBy(platform => platform.Platform).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw IndexAssembler.PlatformTwice(twice.Select(platform => platform.RuntimeIdentifier), twice.Key);
        }
    }

    private void ValidateName()
    {
        if (Registry.Length > 0 && !ImageReference.IsRegistry(Registry))
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidRegistry,
                $"ContainerRegistry '{Registry}' is not a registry: it is a host and an optional port, without scheme and path. Set it to something like ghcr.io or localhost:5000.");
        }

        ValidRepository = Repository.Length > 0 ? Repository : ToRepository(AssemblyName);
        if (ImageReference.IsRepository(ValidRepository))
        {
            return;
        }

        if (Repository.Length > 0)
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidRepository,
                $"ContainerRepository '{Repository}' is not a repository: {ImageReference.RepositoryRule}. "
                + (ToRepository(Repository) is var valid && ImageReference.IsRepository(valid) ? $"Set it to '{valid}', for example." : "Set it to something like me/app."));
        }

        // An OCI layout names no repository.
        if (Registry.Length > 0 || ArchivePath.Length > 0 || IsForEngine)
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidRepository,
                $"No repository can be named after the assembly '{AssemblyName}': {ImageReference.RepositoryRule}. Set ContainerRepository to something like me/app.");
        }
    }

    private void ValidateTags()
    {
        if (Tag.Length > 0 && Tags.Length > 0)
        {
            throw new MultiArchException(DiagnosticCodes.TagAndTags, $"ContainerImageTag '{Tag}' and ContainerImageTags '{Tags}' are both set. Keep one of them.");
        }

        var tags = (Tags.Length > 0 ? Tags : Tag).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        ValidTags = tags.Length > 0 ? [.. tags.Distinct(StringComparer.Ordinal)] : ["latest"];
        if (ValidTags.FirstOrDefault(tag => !ImageReference.IsTag(tag)) is { } invalid)
        {
            throw new MultiArchException(DiagnosticCodes.InvalidTag, $"'{invalid}' is not a tag: {ImageReference.TagRule}. Correct ContainerImageTag or ContainerImageTags.");
        }
    }

    /// <summary>An assembly's name as a repository: lower-case, and one dash for each run of what a repository cannot hold.</summary>
#pragma warning disable CA1308 // a repository is lower-case
    private static string ToRepository(string name) => NotInRepository().Replace(name.ToLowerInvariant(), "-").Trim('-', '.', '_', '/');
#pragma warning restore CA1308

    [GeneratedRegex("[^a-z0-9._/-]+|[._-]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex NotInRepository();
}

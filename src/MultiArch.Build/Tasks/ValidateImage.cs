using Microsoft.Build.Framework;
using MultiArch.Oci;
using MultiArch.Oci.Images;

namespace MultiArch.Build.Tasks;

/// <summary>Finds what is wrong with an image's platforms and names. Says all of it at once.</summary>
[MSBuildMultiThreadableTask]
public sealed class ValidateImage : RegistryTask
{
    /// <summary>RuntimeIdentifiers, separated by <c>;</c>; empty where names alone are asked about.</summary>
    public string RuntimeIdentifiers { get; set; } = "";

    public string Registry { get; set; } = "";

    /// <summary>As the project says it; empty or <see cref="AssemblyName"/> to make one of that.</summary>
    public string Repository { get; set; } = "";

    /// <summary>Whether to say that <see cref="Repository"/> is published under another name.</summary>
    public bool Announce { get; set; }

    [Required]
    public string AssemblyName { get; set; } = "";

    public string Tag { get; set; } = "";

    /// <summary>Separated by <c>;</c>.</summary>
    public string Tags { get; set; } = "";

    public string ImageFormat { get; set; } = "";

    /// <inheritdoc cref="CompressionSettings"/>
    public string Compression { get; set; } = "";

    /// <inheritdoc cref="CompressionSettings"/>
    public string GzipLevel { get; set; } = "";

    /// <inheritdoc cref="CompressionSettings"/>
    public string ZstdLevel { get; set; } = "";

    /// <inheritdoc cref="VerifySettings"/>
    public string Verify { get; set; } = "";

    /// <inheritdoc cref="DestinationSettings"/>
    public string ArchivePath { get; set; } = "";

    /// <inheritdoc cref="DestinationSettings"/>
    public string LocalRegistry { get; set; } = "";

    /// <summary>Identity: the key. Metadata: <c>Value</c>, <c>Scope</c>.</summary>
    public ITaskItem[] Annotations { get; set; } = [];

    /// <summary>References of images from which layers may be taken.</summary>
    public string[] CacheFrom { get; set; } = [];

    /// <summary>Empty only where none is needed. Without <see cref="Registry"/> it may name one itself: <c>localhost:5000/me/app</c>.</summary>
    [Output]
    public string ValidRepository { get; set; } = "";

    [Output]
    public string[] ValidTags { get; set; } = [];

    protected override Task ExecuteAsync(CancellationToken cancellationToken)
    {
        Check(ValidatePlatforms);
        Check(ValidateName);
        Check(ValidateTags);
        Check(() =>
        {
            var format = ImageFormats.Parse(ImageFormat);
            Check(() => AnnotationItems.Read(Annotations, AnnotationScope.Index, format));
            Check(() => CompressionSettings.Parse(Compression, GzipLevel, ZstdLevel, format));
        });
        Check(() => VerifySettings.Parse(Verify));
        Check(() => CacheReferences.Parse(CacheFrom));
        Check(() => Registries.ReadAuthorities());
        Check(() => Registries.ReadMirrors());
        Check(() => Registries.ReadChunkSize());
        if (ArchivePath.Length > 0)
        {
            Check(() => ArchivePlace.Check(ArchivePath));
        }

        if (IsForEngine)
        {
            Check(() => LocalEngines.OnPath().Require(LocalRegistry));
        }

        return Task.CompletedTask;
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

        ValidRepository = RepositoryName.Choose(Registry, Repository, AssemblyName, isNeeded: Registry.Length > 0 || ArchivePath.Length > 0 || IsForEngine);
        if (Announce && Repository.Length > 0 && Repository != AssemblyName && ValidRepository != Repository)
        {
            Log.Notice(
                DiagnosticCodes.RepositoryNormalized,
                $"ContainerRepository '{Repository}' is not a repository, and the image is published as '{ValidRepository}'. Set ContainerRepository to that.");
        }
    }

    private void ValidateTags()
    {
        ValidTags = ImageTags.Read(Tag, Tags) is { Length: > 0 } tags ? tags : ["latest"];
        ImageTags.Check(ValidTags);
    }
}

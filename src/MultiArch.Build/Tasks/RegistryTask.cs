using Microsoft.Build.Framework;
using MultiArch.Oci;
using MultiArch.Oci.Images;
using MultiArch.Oci.Registry;

namespace MultiArch.Build.Tasks;

/// <summary>Knows how registries are reached.</summary>
public abstract class RegistryTask : AsyncTask
{
    /// <summary>Absolute; what relative paths are relative to.</summary>
    [Required]
    public string ProjectDirectory { get; set; } = "";

    /// <inheritdoc cref="RegistrySettings"/>
    public string CertificateAuthority { get; set; } = "";

    /// <inheritdoc cref="RegistrySettings"/>
    public string[] RegistryMirrors { get; set; } = [];

    /// <inheritdoc cref="RegistrySettings"/>
    public string UploadChunkSize { get; set; } = "";

    private protected RegistrySettings Registries => new(ProjectDirectory, CertificateAuthority, RegistryMirrors, UploadChunkSize, Environment.GetEnvironmentVariable);

    /// <param name="options">Of <see cref="Registries"/>: asked for first of all, so that a setting which is wrong is said before anything is read.</param>
    /// <param name="target">Where is pushed to; null when no registry is.</param>
    /// <param name="bases">What else is read.</param>
    private protected RegistryConnections Connect(RegistryOptions options, ImageReference? target, IEnumerable<BaseReference> bases) =>
        new(options, target, bases, new RegistryEventLog(Log, BuildEngine));
}

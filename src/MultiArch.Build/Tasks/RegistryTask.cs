using Microsoft.Build.Framework;
using MultiArch.Oci;
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
    /// <inheritdoc cref="RegistryCredentials.OfThisMachine"/>
    private protected RegistryConnections Connect(RegistryOptions options, ImageReference? target, IEnumerable<ImageLocation> read) =>
        new(options, target, read, new RegistryEventLog(Log, BuildEngine));
}

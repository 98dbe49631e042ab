using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Build;

/// <summary>One connection pool to all registries of a task, with the credentials of this machine.</summary>
internal sealed class RegistryConnections : IDisposable
{
    private readonly Keychain _credentials;

    /// <inheritdoc cref="RegistryCredentials.OfThisMachine"/>
    public RegistryConnections(RegistryOptions options, ImageReference? target, IEnumerable<ImageLocation> read, IProgress<RegistryEvent> progress)
    {
        _credentials = RegistryCredentials.OfThisMachine(target, read, progress);
        Transport = new RegistryTransport(options with { Credentials = _credentials, Progress = progress });
    }

    public RegistryTransport Transport { get; }

    public void Dispose()
    {
        Transport.Dispose();
        _credentials.Dispose();
    }
}

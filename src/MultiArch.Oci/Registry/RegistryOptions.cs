using System.Net;
using System.Security.Cryptography.X509Certificates;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Hosts;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry;

/// <summary>How registries are reached: who asks, whom to trust, and how patient to be.</summary>
public sealed record RegistryOptions
{
    /// <summary>Null: everything is asked as anybody.</summary>
    public ICredentialSource? Credentials { get; init; }

    public IProgress<RegistryEvent>? Progress { get; init; }

    /// <summary>Paces retries and the life of tokens.</summary>
#pragma warning disable RS0030 // Waiting is done in real time unless a test says otherwise; nothing of an image depends on it.
    public TimeProvider Time { get; init; } = TimeProvider.System;
#pragma warning restore RS0030

    public RetryLimits Retries { get; init; } = RetryLimits.Default;

    /// <summary>How long nothing may move before a request is given up. There is no limit on the whole.</summary>
    /// <remarks>Generous, because a registry on object storage copies a blob before it confirms it.</remarks>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Trusted at every host, beside those of the system.</summary>
    public IReadOnlyList<X509Certificate2> CertificateAuthorities { get; init; } = [];

    /// <summary>Folders with a folder for each host, of its authorities and our certificate there; absolute, the first one that knows a host counts.</summary>
    public IReadOnlyList<string> CertificateFolders { get; init; } = [];

    /// <summary><c>host[:port]</c> of registries that may speak plain http, as those on this machine may. Their certificates are checked all the same.</summary>
    public IReadOnlyList<string> InsecureRegistries { get; init; } = [];

    /// <summary>Asked, in this order, before the registry that they mirror, by those who pull.</summary>
    public IReadOnlyList<RegistryMirror> Mirrors { get; init; } = [];

    /// <summary>Bytes; blobs are sent in chunks of so many from the start. Null: in one piece, where the registry takes it.</summary>
    public long? ChunkSize { get; init; }

    /// <summary>How long a connection may take to be made, with TLS.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Null: the system's, from <c>HTTPS_PROXY</c> and <c>NO_PROXY</c> or the settings of Windows and macOS.</summary>
    public IWebProxy? Proxy { get; init; }

    internal MachineNetwork Network { get; init; } = new();

    /// <param name="registry">As an image's name has it.</param>
    internal bool IsInsecure(string registry) => InsecureRegistries.Contains(registry, StringComparer.OrdinalIgnoreCase);
}

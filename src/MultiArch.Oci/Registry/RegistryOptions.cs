using MultiArch.Oci.Registry.Credentials;
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
}

namespace MultiArch.Testing.InMemory;

/// <summary>What kind of registry a <see cref="FaultyRegistry"/> is, beside what goes wrong there.</summary>
public sealed record FaultyRegistryOptions
{
    /// <summary>Null: anybody may do everything.</summary>
    public Login? Login { get; init; }

    public LoginScheme Scheme { get; init; }

    /// <summary>Whether a manifest is refused as long as something that it names is not there. zot takes it all the same.</summary>
    public bool RefusesDangling { get; init; } = true;

    /// <summary>Whether blobs are read from another origin, which takes no <c>Authorization</c>.</summary>
    public bool SendsReadersElsewhere { get; init; }

    /// <summary>Whether uploads go to another origin, which takes no <c>Authorization</c>.</summary>
    public bool SendsUploadsElsewhere { get; init; }

    /// <summary>How many bytes the body of a request may have that sends a blob in one piece; 413 above.</summary>
    public int MaxPut { get; init; } = int.MaxValue;

    public ServerTls? Tls { get; init; }
}

using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Hosts;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>One request, described so that it can be sent more than once.</summary>
/// <param name="Address">The repository it is about; <paramref name="Uri"/> may lie on another host, where the registry sent us.</param>
/// <param name="Action">For messages, after "asked to": <c>read the manifest 1.0 of acme/app</c>.</param>
internal sealed record RegistryRequest(HttpMethod Method, Uri Uri, RepositoryAddress Address, string Action)
{
    /// <summary>What an answer may be; empty when it does not matter.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    public RequestBody? Body { get; init; }

    /// <summary>Where the body lies in a blob that is sent in chunks, as the <c>Content-Range</c> header has it.</summary>
    public string? ContentRange { get; init; }

    /// <summary>Which bytes are wanted, as the <c>Range</c> header has it; null for all.</summary>
    public string? Range { get; init; }

    /// <summary>What the request needs the right to.</summary>
    public RegistryAccess Access { get; init; }

    /// <summary>Another repository of the same registry that has to be readable too; null for none.</summary>
    public string? MountFrom { get; init; }

    /// <summary>Whether another host than the registry named the address; false for one that the registry named, or we.</summary>
    public bool IsFromElsewhere { get; init; }

    /// <summary>Whether it goes to the registry, to where the registry or we want it: who asks is said there, and nowhere else.</summary>
    public bool IsToRegistry => !IsFromElsewhere && Address.IsOrigin(Uri);

    /// <summary>Whether it changes nothing, so that a redirect can be followed.</summary>
    public bool IsSafe => Method == HttpMethod.Get || Method == HttpMethod.Head;

    /// <summary>Who is asked, for messages; never with a path or query, which may hold a signature.</summary>
    public string Host => Address.IsOrigin(Uri) ? Address.Registry : $"{AddressScopes.Shown(Uri)} (where {Address.Registry} sent us)";
}

/// <summary>What a request carries.</summary>
/// <param name="Content">Digest and size of the bytes, checked while they are sent.</param>
/// <param name="MediaType">The <c>Content-Type</c>, without parameters.</param>
internal sealed record RequestBody(Descriptor Content, BlobSource Source, string MediaType);

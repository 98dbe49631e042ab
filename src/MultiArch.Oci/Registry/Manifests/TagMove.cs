using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Manifests;

/// <summary>Points one tag at a manifest, and knows what may have become of the tag when that fails.</summary>
internal sealed class TagMove(RegistryTransport transport, RepositoryAddress address, Document manifest, string tag)
{
    private readonly ManifestLookup _lookup = new(transport, address);
    private readonly ManifestUpload _upload = new(transport, address);

    public string Tag => tag;

    /// <summary>Whether a tag stays where it is that somebody else has moved since <see cref="Before"/>.</summary>
    public bool KeepsOthers { get; init; }

    /// <summary>What the tag named before anything moved.</summary>
    public ManifestState Before { get; private set; }

    /// <summary>What it names as far as that is known.</summary>
    public ManifestState Now { get; private set; }

    /// <summary>Whether the registry may have moved it: a request was sent, and no answer to it says for sure that nothing was done.</summary>
    public bool MayHaveMoved { get; private set; }

    /// <summary>Whether it names the manifest, as it did before or because it was moved.</summary>
    public bool IsThere => Now.Digest == manifest.Digest;

    private string Action => $"tag {address.Repository} as {tag}";

    public async Task LookBeforeAsync(CancellationToken cancellationToken) =>
        Now = Before = await transport.Retries.RunAsync(address, Action, (_, token) => FindAsync(token), cancellationToken);

    /// <summary><see cref="Now"/> may be what somebody else has put there.</summary>
    /// <exception cref="MultiArchException">The tag does not name the manifest, or nobody knows; <see cref="Now"/> does as far as can be.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            Now = await transport.Retries.RunAsync(address, Action, AttemptAsync, cancellationToken);
        }
        catch (MultiArchException)
        {
            await LookAfterAsync(cancellationToken);
            if (!IsThere)
            {
                throw;
            }

            // Somebody else has put it there, or the answer was lost.
        }
        catch (OperationCanceledException) when (MayHaveMoved)
        {
            Now = ManifestState.Unknown; // Nobody waits for another look.
            throw;
        }
    }

    /// <returns>What the tag names then.</returns>
    private async Task<ManifestState> AttemptAsync(int attempt, CancellationToken cancellationToken)
    {
        // The answer to the last attempt may have been lost.
        if (attempt > 1 && await FindAsync(cancellationToken) is var found && (found.Digest == manifest.Digest || (KeepsOthers && found.IsKnown && found != Before)))
        {
            return found;
        }

        await PutAsync(cancellationToken);
        return await CheckMovedAsync(cancellationToken);
    }

    private async Task PutAsync(CancellationToken cancellationToken)
    {
        var mightHaveMoved = MayHaveMoved;
        MayHaveMoved = true;
        try
        {
            await _upload.PutAsync(manifest, tag, Action, cancellationToken);
        }
        catch (RegistryException e)
        {
            MayHaveMoved = mightHaveMoved || !IsRefusal(e.Status);
            // All of it was read back a moment ago.
            throw ManifestUpload.IsAboutContent(e) ? e.WorthAnother() : e;
        }
    }

    /// <summary>Whether a status says that nothing was done. A proxy sends 408 and 499 when it has lost one side, and the other may have done it.</summary>
    private static bool IsRefusal(HttpStatusCode? status) =>
        status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.RequestTimeout and not (HttpStatusCode)499;

    /// <summary>A registry that took the tag and still names what it named before, as far as that is known, has not moved it; if it names something else, somebody else has since.</summary>
    private async Task<ManifestState> CheckMovedAsync(CancellationToken cancellationToken)
    {
        var found = await FindAsync(cancellationToken);
        if (found is { IsKnown: true, Digest: var digest } && digest != manifest.Digest
            && (digest is null || !Before.IsKnown || digest == Before.Digest))
        {
            throw new RegistryException(
                DiagnosticCodes.NotStored,
                $"{address.Registry}, asked to {Action}, took it and names {digest?.ToString() ?? "nothing"} by it. Publish again; if it stays, look into the registry's log.",
                Retry.Again);
        }

        return found.IsKnown ? found : ManifestState.Is(manifest.Digest);
    }

    /// <summary>After a failure: what the registry says that the tag names; if it does not say and has done nothing, what it named before.</summary>
    private async Task LookAfterAsync(CancellationToken cancellationToken)
    {
        Now = MayHaveMoved ? ManifestState.Unknown : Before;
        try
        {
            if (await FindAsync(cancellationToken) is { IsKnown: true } state)
            {
                Now = state;
            }
        }
        catch (Exception e) when (e is MultiArchException or OperationCanceledException)
        {
            // Why the tag could not be moved is what to tell, to whoever cancels just now too.
        }
    }

    private Task<ManifestState> FindAsync(CancellationToken cancellationToken) => _lookup.FindStateAsync(tag, Action, cancellationToken);
}

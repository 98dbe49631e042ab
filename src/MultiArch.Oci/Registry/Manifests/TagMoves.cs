using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Manifests;

/// <summary>Points tags at a manifest, one after the other, and knows at every moment which of them have moved.</summary>
/// <remarks>One after the other, because Quay mixes up two tags that are given to one manifest at the same time.</remarks>
internal sealed class TagMoves(RegistryTransport transport, RepositoryAddress address, Document manifest, IReadOnlyList<string> tags)
{
    private readonly ManifestLookup _lookup = new(transport, address);
    private readonly ManifestUpload _upload = new(transport, address);

    /// <summary>What each tag named before anything moved.</summary>
    private readonly Dictionary<string, ManifestState> _before = new(StringComparer.Ordinal);

    private readonly List<string> _moved = [];

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.TagsMovedInPart"/> when some tags have moved; else why none has.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tag in tags)
        {
            _before[tag] = await transport.Retries.RunAsync(
                address, Action(tag), (_, token) => _lookup.FindStateAsync(tag, Action(tag), token), cancellationToken);
        }

        // Where tags cannot be moved, even a PUT of what they name is refused.
        foreach (var tag in tags.Where(tag => _before[tag].Digest != manifest.Digest))
        {
            try
            {
                await transport.Retries.RunAsync(address, Action(tag), (attempt, token) => MoveAsync(tag, attempt, token), cancellationToken);
                _moved.Add(tag);
            }
            catch (OperationCanceledException) when (_moved.Count > 0)
            {
                // This once a cancellation does not pass for one: something was changed that people see.
                throw InPart("The publish was cancelled.", tag, ManifestState.Unknown);
            }
            catch (MultiArchException e)
            {
                var state = await LookAfterAsync(tag, e, cancellationToken);
                if (state.Digest != manifest.Digest)
                {
                    throw Describe(e, tag, state);
                }

                _moved.Add(tag); // Somebody else has put it there, or the answer was lost.
            }
        }
    }

    private async Task<bool> MoveAsync(string tag, int attempt, CancellationToken cancellationToken)
    {
        // The answer to the last attempt may have been lost.
        if (attempt == 1 || (await _lookup.FindStateAsync(tag, Action(tag), cancellationToken)).Digest != manifest.Digest)
        {
            try
            {
                await _upload.PutAsync(manifest, tag, Action(tag), cancellationToken);
            }
            catch (RegistryException e) when (ManifestUpload.IsAboutContent(e))
            {
                throw e.WorthAnother(); // All of it was read back a moment ago.
            }

            await CheckMovedAsync(tag, cancellationToken);
        }

        return true;
    }

    /// <summary>A registry that took the tag and still names what it named before, as far as that is known, has not moved it; if it names something else, somebody else has since.</summary>
    private async Task CheckMovedAsync(string tag, CancellationToken cancellationToken)
    {
        if (await _lookup.FindStateAsync(tag, Action(tag), cancellationToken) is { IsKnown: true, Digest: var digest } && digest != manifest.Digest
            && (digest is null || !_before[tag].IsKnown || digest == _before[tag].Digest))
        {
            throw new RegistryException(
                DiagnosticCodes.NotStored,
                $"{address.Registry}, asked to {Action(tag)}, took it and names {digest?.ToString() ?? "nothing"} by it. Publish again; if it stays, look into the registry's log.",
                Retry.Again);
        }
    }

    /// <summary>What a tag names after it could not be moved: what the registry says, or, if it has refused to move it, what it said before.</summary>
    private async Task<ManifestState> LookAfterAsync(string tag, MultiArchException failure, CancellationToken cancellationToken)
    {
        var otherwise = failure is RegistryException { Status: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError } ? _before[tag] : ManifestState.Unknown;
        try
        {
            return await _lookup.FindStateAsync(tag, Action(tag), cancellationToken) is { IsKnown: true } state ? state : otherwise;
        }
        catch (Exception e) when (e is MultiArchException or OperationCanceledException)
        {
            return otherwise; // Why the tag could not be moved is what to tell, to whoever cancels just now too.
        }
    }

    private MultiArchException Describe(MultiArchException failure, string tag, ManifestState state)
    {
        var named = Already();
        if (named.Count > 0)
        {
            return InPart(failure.Message, tag, state, failure);
        }

        var isRefused = failure is RegistryException { Status: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError };
        var ending = state.IsKnown || isRefused ? "No tag has moved." : $"Whether {tag} has moved is not known, and no other tag has.";
        return new MultiArchException(failure.Code, $"{failure.Message} {ending}", failure);
    }

    private MultiArchException InPart(string reason, string tag, ManifestState state, Exception? failure = null)
    {
        var others = tags.Except(Already()).Select(other => (other == tag ? state : _before[other]).Describe(other));
        return new MultiArchException(
            DiagnosticCodes.TagsMovedInPart,
            $"{reason} Of the tags of {address.Registry}/{address.Repository}, these name {manifest.Digest}: {string.Join(", ", Already().Select(DescribeMove))}; "
                + $"these do not: {string.Join(", ", others)}. Publish again to move the rest.",
            failure);
    }

    private List<string> Already() => [.. tags.Where(tag => _moved.Contains(tag) || _before[tag].Digest == manifest.Digest)];

    private string DescribeMove(string tag) => _before[tag] switch
    {
        { IsKnown: false } => tag,
        { Digest: { } digest } when digest != manifest.Digest => $"{tag} (before: {digest})",
        { Digest: null } => $"{tag} (new)",
        _ => $"{tag} (as before)",
    };

    private string Action(string tag) => $"tag {address.Repository} as {tag}";
}

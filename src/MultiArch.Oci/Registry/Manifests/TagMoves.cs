using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Manifests;

/// <summary>Points tags at a manifest, one after the other, and says at every moment which of them have moved, which have not, and of which that is not known.</summary>
/// <remarks>One after the other, because Quay mixes up two tags that are given to one manifest at the same time.</remarks>
/// <param name="keepsOthers">As of <see cref="TagMove.KeepsOthers"/>.</param>
internal sealed class TagMoves(RegistryTransport transport, RepositoryAddress address, Document manifest, IReadOnlyList<string> tags, bool keepsOthers = false)
{
    private readonly IReadOnlyList<TagMove> _moves = [.. tags.Select(tag => new TagMove(transport, address, manifest, tag) { KeepsOthers = keepsOthers })];

    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.TagsMovedInPart"/> when some tags name the manifest, or may after a cancellation; else why none does.
    /// </exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var move in _moves)
        {
            await move.LookBeforeAsync(cancellationToken);
        }

        foreach (var move in _moves)
        {
            await RunAsync(move, cancellationToken);
        }
    }

    /// <summary>The only tag, if it names what is expected.</summary>
    /// <param name="expected">Null: no such tag.</param>
    /// <returns>What the tag names then; null for nothing, and where the registry does not tell.</returns>
    /// <exception cref="MultiArchException">As of <see cref="RunAsync(CancellationToken)"/>.</exception>
    public async Task<Digest?> ReplaceAsync(Digest? expected, CancellationToken cancellationToken)
    {
        var move = _moves.Single();
        await move.LookBeforeAsync(cancellationToken);
        if (move.Before.IsKnown && move.Before.Digest == expected)
        {
            await RunAsync(move, cancellationToken);
        }

        return move.Now.Digest;
    }

    private async Task RunAsync(TagMove move, CancellationToken cancellationToken)
    {
        // Where tags cannot be moved, even a PUT of what they name is refused.
        if (move.IsThere)
        {
            return;
        }

        try
        {
            await move.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (_moves.Any(one => one.MayHaveMoved))
        {
            // This once a cancellation does not pass for one: something was changed that people see.
            throw InPart("The publish was cancelled.");
        }
        catch (MultiArchException e)
        {
            throw Describe(e, move);
        }
    }

    private MultiArchException Describe(MultiArchException failure, TagMove failed)
    {
        if (_moves.Any(move => move.IsThere))
        {
            return InPart(failure.Message, failure);
        }

        var ending = failed switch
        {
            { MayHaveMoved: false } => "No tag has moved.",
            { Now.IsKnown: false } => $"Whether {failed.Tag} has moved is not known, and no other tag has.",
            { Before.IsKnown: true } when failed.Now == failed.Before => "No tag has moved.",
            _ => $"Now {failed.Tag} names {failed.Now.Digest?.ToString() ?? "nothing"}; no other tag has moved.",
        };
        return new MultiArchException(failure.Code, $"{failure.Message} {ending}", failure);
    }

    private MultiArchException InPart(string reason, Exception? failure = null)
    {
        List<string> parts =
        [
            .. Part($"these name {manifest.Digest}", move => move.IsThere, DescribeMove),
            .. Part("these do not", move => !move.IsThere && move.Now.IsKnown, move => move.Now.Describe(move.Tag)),
            .. Part($"these may name {manifest.Digest}", move => !move.Now.IsKnown, move => move.Tag),
        ];
        return new MultiArchException(
            DiagnosticCodes.TagsMovedInPart,
            $"{reason} Of the tags of {address.Registry}/{address.Repository}, {string.Join("; ", parts)}. Publish again to move the rest.",
            failure);
    }

    private IEnumerable<string> Part(string what, Func<TagMove, bool> belongs, Func<TagMove, string> describe) =>
        _moves.Where(belongs).Select(describe).ToList() is { Count: > 0 } found ? [$"{what}: {string.Join(", ", found)}"] : [];

    private static string DescribeMove(TagMove move) => move.Before switch
    {
        { IsKnown: false } => move.Tag,
        { Digest: null } => $"{move.Tag} (new)",
        { Digest: { } digest } when digest != move.Now.Digest => $"{move.Tag} (before: {digest})",
        _ => $"{move.Tag} (as before)",
    };
}

using System.Net;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Uploads;

/// <summary>Whether a blob goes in one piece or in chunks, and of what size: chosen anew when a registry refuses, and kept for the next blob when it takes.</summary>
/// <param name="size">Bytes of the blob.</param>
/// <param name="wanted">Bytes of a request that somebody has asked for; null for none.</param>
internal sealed class BodySize(long size, long? wanted, HostTraits traits)
{
    private bool _wasSwitched; // From one piece to chunks, or back.
    private bool _isWholeRefused;

    /// <summary>Bytes; null for one piece.</summary>
    public long? Chunk { get; private set; } = First(size, wanted, traits);

    /// <summary>Chunks where one piece is refused, smaller ones where they are too large, and one piece where there are no chunks.</summary>
    /// <param name="sent">Bytes of the chunk that was refused; null for one piece.</param>
    /// <param name="least">Bytes that the registry wants in a chunk.</param>
    /// <returns>False when there is nothing left to try.</returns>
    public bool TryOther(HttpStatusCode? status, long? sent, long least)
    {
        switch (status)
        {
            case HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.RequestedRangeNotSatisfiable:
                if (ChunkSizes.Below(Math.Min(sent ?? size, size)) is not { } smaller || smaller < least)
                {
                    return false;
                }

                Chunk = smaller;
                break;
            // Artifactory has at times taken no blob in one piece.
            case HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed when Chunk is null && !_wasSwitched:
                Chunk = ChunkSizes.Largest;
                _isWholeRefused = true;
                break;
            // Google's registry has no chunks.
            case HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented when Chunk is not null && !_wasSwitched:
                Chunk = null;
                break;
            default:
                return false;
        }

        _wasSwitched = true;
        return true;
    }

    /// <summary>The registry has taken the blob so.</summary>
    public void Remember()
    {
        if (_wasSwitched && Chunk is { } chunk)
        {
            traits.ChunkSize = chunk;
            traits.TakesNoWholeBlob |= _isWholeRefused;
        }
    }

    private static long? First(long size, long? wanted, HostTraits traits)
    {
        var chunk = traits.ChunkSize ?? wanted;
        return chunk < size || traits.TakesNoWholeBlob ? chunk : null;
    }
}

namespace MultiArch.Oci.Registry.Transport;

/// <summary>What a registry, or the proxy in front of it, was found to be like.</summary>
internal sealed class HostTraits
{
    private long _chunkSize;

    /// <summary>Bytes of a request in an upload, after larger ones were refused and this one was taken; null while nothing is known.</summary>
    public long? ChunkSize
    {
        get => Interlocked.Read(ref _chunkSize) is > 0 and var size ? size : null;
        set => Interlocked.Exchange(ref _chunkSize, value ?? 0);
    }

    /// <summary>Whether it refuses every blob that is not sent in chunks.</summary>
    public bool TakesNoWholeBlob { get; set; }

    /// <summary>Whether what it says of the bytes it holds of an upload is out of date (Amazon ECR).</summary>
    public bool ShowsStaleRanges { get; set; }

    /// <summary>Whether it answers HEAD for a blob with 405, as some proxies do.</summary>
    public bool KnowsNoHeadOfBlobs { get; set; }

    /// <summary>The same for a manifest.</summary>
    public bool KnowsNoHeadOfManifests { get; set; }
}

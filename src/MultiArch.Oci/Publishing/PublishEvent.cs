using MultiArch.Oci.Formats;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Verification;

namespace MultiArch.Oci.Publishing;

/// <summary>What happens during a publish, for whoever shows it.</summary>
public abstract record PublishEvent
{
    private PublishEvent()
    {
    }

    public sealed record BaseResolved(Platform Platform, string Reference, Digest? Digest) : PublishEvent;

    /// <summary>A layer was packed before, and the destination holds it: there is nothing to pack and nothing to send.</summary>
    /// <param name="RuntimeIdentifiers">The platforms that share the layer.</param>
    public sealed record LayerHeld(Layer Layer, IReadOnlyList<string> RuntimeIdentifiers) : PublishEvent;

    /// <summary>A layer is the same as one of an image that was named as a cache, and was taken from there.</summary>
    /// <param name="From">That image.</param>
    /// <param name="RuntimeIdentifiers">The platforms that share the layer.</param>
    public sealed record LayerTaken(Layer Layer, string From, BlobWrite Write, IReadOnlyList<string> RuntimeIdentifiers) : PublishEvent;

    /// <param name="Size">Bytes of the files that go into the layer.</param>
    /// <param name="RuntimeIdentifiers">The platforms that share the layer.</param>
    public sealed record LayerPacking(string Title, long Size, IReadOnlyList<string> RuntimeIdentifiers) : PublishEvent;

    /// <param name="RuntimeIdentifiers">The platforms that share the layer.</param>
    public sealed record LayerPacked(Layer Layer, IReadOnlyList<string> RuntimeIdentifiers) : PublishEvent;

    /// <summary>The destination lacks a blob, and its bytes begin to go there; again if an attempt has failed.</summary>
    public sealed record BlobSending(Descriptor Blob, string What) : PublishEvent;

    public sealed record BlobWritten(Descriptor Blob, string What, BlobWrite Write) : PublishEvent;

    /// <summary>A push takes its time; told every few seconds.</summary>
    /// <param name="Done">Bytes that were sent.</param>
    /// <param name="Total">Bytes of all that is to be sent, as far as it is packed.</param>
    /// <param name="BytesPerSecond">Since this was told last.</param>
    public sealed record Transferring(long Done, long Total, double BytesPerSecond) : PublishEvent;

    public sealed record ManifestWritten(Descriptor Manifest, Platform? Platform) : PublishEvent;

    /// <summary>The destination has lost what it had a moment ago, and it is sent again.</summary>
    public sealed record Restoring(IReadOnlyList<Descriptor> Missing) : PublishEvent;

    /// <summary>The publish fails, and what was stored in a registry so far stays there: the next one does not send it again.</summary>
    public sealed record Interrupted(IReadOnlyCollection<Descriptor> Stored) : PublishEvent;

    /// <param name="Target">The index, or the only manifest.</param>
    public sealed record Tagged(IReadOnlyList<string> Tags, Descriptor Target) : PublishEvent;

    /// <summary>Somebody else has moved a tag to which platforms are being added, and they are added to what it names now.</summary>
    /// <param name="Found">Null when the tag is gone.</param>
    public sealed record TagMoved(string Tag, Digest? Found) : PublishEvent;

    /// <summary>A tag is about to lose platforms.</summary>
    /// <param name="Kept">Those that it will have.</param>
    public sealed record PlatformsLost(string Tag, IReadOnlyList<Platform> Kept, IReadOnlyList<Platform> Lost) : PublishEvent;

    /// <summary>The tags name this very image: nothing was packed, asked for or written.</summary>
    /// <param name="Tags">None where the image is stored under its digest alone.</param>
    public sealed record Unchanged(IReadOnlyList<string> Tags, Descriptor Target) : PublishEvent;

    /// <summary>An image that was named as a cache does not exist (yet).</summary>
    public sealed record CacheMissing(ImageReference Reference) : PublishEvent;

    /// <summary>An image that was named as a cache, or a layer of it, cannot be read: what it may hold is packed.</summary>
    /// <param name="Reason">A line with its full stop.</param>
    public sealed record CacheUnreadable(string Reference, string Reason) : PublishEvent;

    /// <summary>An image that was named as a cache says that a blob is one of our layers, and it is another.</summary>
    public sealed record CacheLies(string Reference, Digest Blob, Digest DiffId) : PublishEvent;

    /// <summary>Annotations for the index were given, and a plain manifest is made, which has no index.</summary>
    public sealed record IndexAnnotationsUnused(IReadOnlyList<string> Keys) : PublishEvent;

    /// <summary>Packed assemblies name folders of this machine in their debug directories.</summary>
    /// <param name="Assemblies">Each by its path in the image, with the folder.</param>
    public sealed record MachinePathsInAssemblies(IReadOnlyList<(string Path, string Folder)> Assemblies) : PublishEvent;

    /// <summary>Files that do not fit their platform, and the publish goes on, or another one ends it.</summary>
    public sealed record FaultsFound(FaultGroup Faults, bool IsError) : PublishEvent;

    /// <summary>What bases offer to the files was left out of the verification, as was asked for.</summary>
    public sealed record BasesNotVerified(IReadOnlyList<string> RuntimeIdentifiers) : PublishEvent;

    /// <summary>The files of all platforms were compared with their platforms.</summary>
    /// <param name="Headers">Programs, libraries and assemblies whose headers were read; none of a platform that was found sound before.</param>
    /// <param name="BasesRead">Bases that were read, from their layers or from what is kept of these.</param>
    /// <param name="Elapsed">All of it.</param>
    public sealed record Verified(int Headers, int BasesRead, TimeSpan Elapsed) : PublishEvent;
}

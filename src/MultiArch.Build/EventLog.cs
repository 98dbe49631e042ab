using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using MultiArch.Oci;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;

namespace MultiArch.Build;

/// <summary>Puts the library's events into the build's log; the one place that decides how loud each is.</summary>
internal sealed class EventLog(TaskLoggingHelper log, IBuildEngine engine) : IProgress<PublishEvent>
{
    /// <summary>Bytes. Packing more takes long enough for a person to ask what is going on.</summary>
    private const long LongWork = 20_000_000;

    public void Report(PublishEvent value)
    {
        switch (value)
        {
            case PublishEvent.BaseResolved(var platform, var reference, var digest):
                log.LogMessage(MessageImportance.Normal, "Base of {0}: {1}{2}", platform, reference, digest is null ? "" : $" ({digest})");
                break;
            case PublishEvent.LayerHeld(var layer, var runtimeIdentifiers):
                log.LogMessage(MessageImportance.Normal, "{0}: unchanged and already there, not packed", Describe(layer, runtimeIdentifiers));
                break;
            case PublishEvent.LayerTaken(var layer, var from, var write, var runtimeIdentifiers):
                log.LogMessage(
                    MessageImportance.Normal,
                    "{0}: {1} {2}, not packed",
                    Describe(layer, runtimeIdentifiers),
                    write switch { BlobWrite.Reused => "already there, as in", BlobWrite.Mounted => "mounted from", _ => "taken from" },
                    from);
                break;
            case PublishEvent.LayerPacking(var title, var size, var runtimeIdentifiers):
                log.LogMessage(Loudness(size), "Packing layer '{0}' of {1}: {2}", title, string.Join(", ", runtimeIdentifiers), ByteSize.Format(size));
                break;
            case PublishEvent.LayerPacked(var layer, var runtimeIdentifiers):
                log.LogMessage(MessageImportance.Normal, "{0}", Describe(layer, runtimeIdentifiers));
                break;
            case PublishEvent.BlobSending(var blob, var what):
                log.LogMessage(MessageImportance.Low, "Sending {0} ({1}, {2})", blob.Digest, what, ByteSize.Format(blob.Size));
                break;
            case PublishEvent.BlobWritten(var blob, var what, var write):
                log.LogMessage(MessageImportance.Low, "{0} {1} ({2}, {3})", Describe(write), blob.Digest, what, ByteSize.Format(blob.Size));
                break;
            case PublishEvent.Transferring(var done, var total, var rate):
                log.LogMessage(
                    MessageImportance.High, "Transferred {0} of {1} ({2} %), {3}/s", ByteSize.Format(done), ByteSize.Format(total), 100 * done / total, ByteSize.Format((long)rate));
                break;
            case PublishEvent.ManifestWritten(var manifest, var platform):
                log.LogMessage(MessageImportance.Low, "Wrote {0} {1}", platform is null ? "the index" : $"the manifest of {platform}", manifest.Digest);
                break;
            case PublishEvent.Restoring(var missing):
                log.LogMessage(
                    MessageImportance.High, "The registry no longer has what it had a moment ago, and it is sent again: {0}", string.Join(", ", missing.Select(content => content.Digest)));
                break;
            case PublishEvent.Interrupted(var stored):
                log.LogMessage(
                    MessageImportance.High,
                    "Stored before the publish failed, without a name, and not sent again by the next one: {0}, {1}",
                    stored.Count == 1 ? "1 blob" : $"{stored.Count} blobs",
                    ByteSize.Format(stored.Sum(blob => blob.Size)));
                break;
            case PublishEvent.Tagged(var tags, var target):
                log.LogMessage(MessageImportance.Normal, "Tagged {0}: {1}", target.Digest, string.Join(", ", tags));
                break;
            case PublishEvent.Unchanged(var tags, var target):
                log.LogMessage(MessageImportance.Normal, "Unchanged: {0} is {1} already", tags.Count > 0 ? string.Join(", ", tags) : "what is there", target.Digest);
                break;
            case PublishEvent.TagMoved(var tag, var found):
                log.LogMessage(MessageImportance.High, "Somebody else has moved {0} to {1} meanwhile; the platforms are added to that", tag, found?.ToString() ?? "nothing");
                break;
            case PublishEvent.PlatformsLost(var tag, var kept, var lost):
                Warn(
                    DiagnosticCodes.PlatformsLost,
                    $"The tag {tag} has images for {OneLine.Of(string.Join(", ", lost))} too, and will have {OneLine.Of(string.Join(", ", kept))} alone. "
                    + "Publish or combine all of them together, or set another ContainerImageTag. To keep the others, push by digest, and combine with MultiArchAppend=true.");
                break;
            case PublishEvent.CacheMissing(var reference):
                log.Notice(
                    DiagnosticCodes.CacheUnreadable,
                    $"MultiArchCacheFrom '{reference}' does not exist, and all layers are packed that are nowhere else. Publish it, or correct the name.");
                break;
            case PublishEvent.CacheUnreadable(var reference, var reason):
                Warn(
                    DiagnosticCodes.CacheUnreadable,
                    $"MultiArchCacheFrom '{reference}' cannot be used, and what it may hold is packed instead: {reason}");
                break;
            case PublishEvent.CacheLies(var reference, var blob, var diffId):
                Warn(
                    DiagnosticCodes.CacheLies,
                    $"MultiArchCacheFrom '{reference}' says that the blob {blob} is the layer {diffId}, and it is another one. It was not used; look at who writes to that repository, or leave the image out.");
                break;
            case PublishEvent.IndexAnnotationsUnused(var keys):
                log.Notice(
                    DiagnosticCodes.IndexAnnotationUnused,
                    $"ContainerAnnotation '{string.Join("', '", keys)}' has the Scope Index and is not written: one plain manifest is made, and no index. Add Manifest to its Scope to have it there.");
                break;
            case PublishEvent.MachinePathsInAssemblies(var assemblies):
                log.Notice(
                    DiagnosticCodes.MachinePathInAssembly,
                    $"Another checkout gives another image: debug directories name folders of this machine, in {string.Join(", ", assemblies.Select(assembly => $"'{assembly.Path}' ({assembly.Folder})"))}. "
                    + "Set ContinuousIntegrationBuild=true where these are built, or PathMap in a Directory.Build.props.");
                break;
            case PublishEvent.FaultsFound(var faults, var isError):
                if (isError)
                {
                    log.Error(faults.Code, faults.Describe());
                }
                else
                {
                    Warn(faults.Code, faults.Describe());
                }

                break;
            case PublishEvent.BasesNotVerified(var runtimeIdentifiers):
                log.LogMessage(
                    MessageImportance.High,
                    "  MultiArchVerifyBase=false: loaders, libraries, ICU and .NET of the base were not compared with the files of {0}.",
                    string.Join(", ", runtimeIdentifiers));
                break;
            case PublishEvent.Verified(var headers, var basesRead, var elapsed):
                log.LogMessage(MessageImportance.Normal, "Verified in {0} ms: {1} headers and {2} bases read", (long)elapsed.TotalMilliseconds, headers, basesRead);
                break;
        }
    }

    private void Warn(string code, string message) => log.WarningOrEnd(engine, code, message);

    private static MessageImportance Loudness(long bytes) => bytes >= LongWork ? MessageImportance.High : MessageImportance.Low;

    private static string Describe(Layer layer, IEnumerable<string> runtimeIdentifiers) =>
        $"Layer '{layer.Title}' of {string.Join(", ", runtimeIdentifiers)}: {layer.DiffId}, {ByteSize.Format(layer.Descriptor.Size)} compressed, {layer.Descriptor.Digest}";

    private static string Describe(BlobWrite write) => write switch
    {
        BlobWrite.Reused => "Already there:",
        BlobWrite.Mounted => "Mounted",
        _ => "Wrote",
    };
}

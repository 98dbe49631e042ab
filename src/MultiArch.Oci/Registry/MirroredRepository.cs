using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Hosts;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Registry;

/// <summary>A repository that is read from its registry's mirrors, and from the registry where they do not have it. Nothing is written to it.</summary>
/// <param name="mirrors">In the order in which they are asked.</param>
internal sealed class MirroredRepository(RegistryTransport transport, RegistryClient registry, IReadOnlyList<(RegistryMirror Mirror, RegistryClient Client)> mirrors)
    : IImageStore
{
    public const string Setting = "MultiArchRegistryMirrors";

    /// <summary>The registry's: what is mounted is mounted by its name.</summary>
    public ImageReference? Repository => registry.Repository;

    /// <param name="setting">As for <see cref="RegistryClient"/>.</param>
    public static IImageStore Open(ImageReference image, RegistryTransport transport, string setting)
    {
        var registry = new RegistryClient(image, transport, setting);
        var mirrors = transport.Options.Mirrors
            .Where(mirror => mirror.Registry.Equals(image.Registry, StringComparison.OrdinalIgnoreCase))
            .Select(mirror => (mirror, new RegistryClient(mirror.Locate(image), transport, Setting)))
            .ToList();
        return mirrors.Count > 0 ? new MirroredRepository(transport, registry, mirrors) : registry;
    }

    public async Task<bool> ContainsBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        await FindAsync(async store => await store.ContainsBlobAsync(blob, cancellationToken) ? this : null) is not null;

    public async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        var stream = await FindInMirrorsAsync<Stream>(
            async (mirror, store) => new WatchedStream(await store.OpenBlobAsync(blob, cancellationToken), e => GiveUpAfter(mirror, e)));
        return stream ?? await registry.OpenBlobAsync(blob, cancellationToken);
    }

    public Task<Document?> FindManifestAsync(string reference, CancellationToken cancellationToken) =>
        FindAsync(store => store.FindManifestAsync(reference, cancellationToken));

    public async Task<Digest?> FindDigestAsync(string tag, CancellationToken cancellationToken) =>
        await FindAsync<object>(async store => await store.FindDigestAsync(tag, cancellationToken)) as Digest?;

    public Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken) => throw ReadOnly();

    public Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken) => throw ReadOnly();

    public Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken) => throw ReadOnly();

    private static NotSupportedException ReadOnly() => new("What is mirrored is only read.");

    private async Task<T?> FindAsync<T>(Func<IImageStore, Task<T?>> find)
        where T : class =>
        await FindInMirrorsAsync((_, store) => find(store)) ?? await find(registry);

    private async Task<T?> FindInMirrorsAsync<T>(Func<RegistryMirror, IImageStore, Task<T?>> find)
        where T : class
    {
        foreach (var (mirror, store) in mirrors)
        {
            if (transport.UnusableMirrors.ContainsKey(mirror))
            {
                continue;
            }

            try
            {
                if (await find(mirror, store) is { } found)
                {
                    return found;
                }
            }
            catch (RegistryException e) when (e.Status is HttpStatusCode.NotFound)
            {
                // It lacks the blob, which is no failure of a mirror.
            }
            catch (MultiArchException e)
            {
                GiveUp(mirror, e);
            }
        }

        return null;
    }

    /// <summary>When a mirror fails in the middle, the next attempt does not end there too.</summary>
    private void GiveUpAfter(RegistryMirror mirror, Exception e)
    {
        if (e is MultiArchException failure)
        {
            GiveUp(mirror, failure);
        }
    }

    private void GiveUp(RegistryMirror mirror, MultiArchException e)
    {
        if (transport.UnusableMirrors.TryAdd(mirror, true))
        {
            transport.Options.Progress?.Report(new RegistryEvent.MirrorUnusable(mirror.ToString(), mirror.Registry, e.Message));
        }
    }
}

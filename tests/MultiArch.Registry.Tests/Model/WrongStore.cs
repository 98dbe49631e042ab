using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Registry.Tests.Model;

/// <summary>A store that does what the right one does, but for what a test makes wrong in it.</summary>
internal class WrongStore(IImageStore right) : IImageStore
{
    public ImageReference? Repository => right.Repository;

    protected static Task<IReadOnlyList<Descriptor>> Nothing => Task.FromResult<IReadOnlyList<Descriptor>>([]);

    public virtual Task<bool> ContainsBlobAsync(Descriptor blob, CancellationToken cancellationToken) => right.ContainsBlobAsync(blob, cancellationToken);

    public virtual Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) => right.OpenBlobAsync(blob, cancellationToken);

    public virtual Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken) =>
        right.WriteBlobAsync(blob, source, cancellationToken);

    public virtual Task<Document?> FindManifestAsync(string reference, CancellationToken cancellationToken) =>
        right.FindManifestAsync(reference, cancellationToken);

    public virtual Task<Digest?> FindDigestAsync(string tag, CancellationToken cancellationToken) => right.FindDigestAsync(tag, cancellationToken);

    public virtual Task<bool> HoldsTaggedAsync(Document image, IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        right.HoldsTaggedAsync(image, tags, cancellationToken);

    public virtual Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken) => right.WriteManifestAsync(manifest, cancellationToken);

    public virtual Task<IReadOnlyList<Descriptor>> FindMissingAsync(Document image, CancellationToken cancellationToken) =>
        right.FindMissingAsync(image, cancellationToken);

    public virtual Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        right.TagAsync(manifest, tags, cancellationToken);

    public virtual Task<Digest?> ReplaceTagAsync(Document manifest, string tag, Digest? expected, CancellationToken cancellationToken) =>
        right.ReplaceTagAsync(manifest, tag, expected, cancellationToken);
}

/// <summary>Moves the tags before what they name is there.</summary>
internal sealed class TagsFirst(IImageStore right) : WrongStore(right)
{
    private readonly List<Document> _kept = [];

    public override Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken)
    {
        _kept.Add(manifest);
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<Descriptor>> FindMissingAsync(Document image, CancellationToken cancellationToken) => Nothing;

    public override async Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        await base.TagAsync(manifest, tags, cancellationToken);
        foreach (var document in _kept)
        {
            await base.WriteManifestAsync(document, cancellationToken);
        }
    }
}

/// <summary>Takes a failed upload for one that arrived.</summary>
internal sealed class AssumesArrival(IImageStore right) : Believer(right)
{
    public override async Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await base.WriteBlobAsync(blob, source, cancellationToken);
        }
        catch (MultiArchException)
        {
            return BlobWrite.Uploaded;
        }
    }
}

/// <summary>Does not read back what was answered with success.</summary>
internal class Believer(IImageStore right) : WrongStore(right)
{
    public override Task<IReadOnlyList<Descriptor>> FindMissingAsync(Document image, CancellationToken cancellationToken) => Nothing;
}

/// <summary>Reports success whatever became of the tags.</summary>
internal sealed class SaysAllIsWell(IImageStore right) : WrongStore(right)
{
    public override async Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        try
        {
            await base.TagAsync(manifest, tags, cancellationToken);
        }
        catch (MultiArchException)
        {
        }
    }
}

/// <summary>Never gives up.</summary>
internal sealed class NeverEnds(IImageStore right) : WrongStore(right)
{
    private const int Enough = 2_000; // so that the test does

    public override async Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                await base.TagAsync(manifest, tags, cancellationToken);
                return;
            }
            catch (MultiArchException) when (i < Enough)
            {
            }
        }
    }
}

/// <summary>Says of tags whatever it was made to say.</summary>
/// <param name="claim">Follows the message of a failure.</param>
internal sealed class Claims(IImageStore right, string claim) : WrongStore(right)
{
    public override async Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        try
        {
            await base.TagAsync(manifest, tags, cancellationToken);
        }
        catch (MultiArchException e)
        {
            throw new MultiArchException(e.Code, $"It failed. {claim}", e);
        }
    }
}

/// <summary>Reports every blob as one that came in the same way.</summary>
internal sealed class Miscounts(IImageStore right, BlobWrite write) : WrongStore(right)
{
    public override async Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken)
    {
        await base.WriteBlobAsync(blob, source, cancellationToken);
        return write;
    }
}

/// <summary>Tries again around what is tried again.</summary>
internal sealed class RetriesRetries(IImageStore right) : WrongStore(right)
{
    public override Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken) =>
        RetryAsync(() => base.WriteBlobAsync(blob, source, cancellationToken));

    public override Task WriteManifestAsync(Document manifest, CancellationToken cancellationToken) =>
        RetryAsync(async () =>
        {
            await base.WriteManifestAsync(manifest, cancellationToken);
            return true;
        });

    public override Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        RetryAsync(async () =>
        {
            await base.TagAsync(manifest, tags, cancellationToken);
            return true;
        });

    private static async Task<T> RetryAsync<T>(Func<Task<T>> operation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await operation();
            }
            catch (MultiArchException) when (attempt < ModelRun.Attempts)
            {
            }
        }
    }
}

/// <summary>Opens an upload for each blob beside the one that it uses.</summary>
internal sealed class LeavesUploadsOpen(IImageStore right, string origin) : WrongStore(right)
{
    public override async Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        using var response = await client.PostAsync(new Uri($"{origin}/v2/{Repository?.Repository}/blobs/uploads/"), content: null, cancellationToken);
        return await base.WriteBlobAsync(blob, source, cancellationToken);
    }
}

/// <summary>Takes an answer that was lost for a failure, and does not look again.</summary>
internal sealed class LooksOnce(IImageStore right, string origin) : WrongStore(right)
{
    public override async Task TagAsync(Document manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(0.2) };
        foreach (var tag in tags)
        {
            using var content = new ByteArrayContent(manifest.Bytes.ToArray());
            content.Headers.TryAddWithoutValidation("Content-Type", manifest.MediaType);
            try
            {
                using var response = await client.PutAsync(new Uri($"{origin}/v2/{Repository?.Repository}/manifests/{tag}"), content, cancellationToken);
                response.EnsureSuccessStatusCode();
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                throw new MultiArchException(DiagnosticCodes.RegistryBroke, $"{string.Join(", ", tags)} may have moved.", e);
            }
        }
    }
}

/// <summary>Shows its password wherever it is sent.</summary>
internal sealed class ShowsItsPassword(IImageStore right, string origin, string authorization) : WrongStore(right)
{
    public override async Task<BlobWrite> WriteBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"{origin}/v2/app/blobs/uploads/1"));
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await client.SendAsync(request, cancellationToken);
        return await base.WriteBlobAsync(blob, source, cancellationToken);
    }
}

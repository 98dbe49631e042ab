using System.Net;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Registry.Downloads;

/// <summary>Reads one blob of a repository, from its start or from where an earlier answer broke off.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-blobs</remarks>
internal sealed class BlobDownload(RegistryTransport transport, RepositoryAddress address, Descriptor blob)
{
    private const int BufferSize = 128 * 1024;

    public string Action { get; } = $"read the blob {blob.Digest} of {address.Repository}";

    public RepositoryAddress Address => address;

    public Descriptor Blob => blob;

    /// <summary>Opens the blob; what breaks while it is read is mended, and all of it is verified.</summary>
    /// <param name="isExpected">Whether it was stored a moment ago, so that its absence is looked at more than once.</param>
    public async Task<Stream> OpenAsync(CancellationToken cancellationToken, bool isExpected = false)
    {
        var body = await transport.Retries.RunAsync(address, Action, (_, token) => isExpected ? OpenExpectedAsync(token) : OpenAtAsync(0, token), cancellationToken);
        return new VerifyingStream(
            new ResumingStream(body, this, transport.Retries), blob, $"{address.Registry}/{address.Repository}", DiagnosticCodes.RegistryContentMismatch);
    }

    /// <summary>Opens the blob at an offset, whether or not the registry knows how to begin there.</summary>
    public async Task<Stream> OpenAtAsync(long offset, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(HttpMethod.Get, address.Blob(blob.Digest), address, Action) { Range = offset > 0 ? $"bytes={offset}-" : null };
        var response = await transport.SendAsync(request, cancellationToken);
        try
        {
            switch (response)
            {
                case { IsPage: true }:
                    throw await ResponseFailure.ReadAsync(response, cancellationToken);
                case { Status: HttpStatusCode.PartialContent, ContentRange: { } range } when range.From == offset:
                    return range.Length is null || range.Length == blob.Size
                        ? await response.OpenBodyAsync(cancellationToken)
                        : throw BlobLookup.OtherSize(address, blob, range.Length.Value);
                case { Status: HttpStatusCode.OK, ContentLength: { } length } when length != blob.Size:
                    throw BlobLookup.OtherSize(address, blob, length);
                case { Status: HttpStatusCode.OK }:
                    return await SkipAsync(await response.OpenBodyAsync(cancellationToken), offset, cancellationToken);
                default:
                    throw await ResponseFailure.ReadAsync(response, cancellationToken);
            }
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<Stream> OpenExpectedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAtAsync(0, cancellationToken);
        }
        catch (RegistryException e) when (e.Status is HttpStatusCode.NotFound)
        {
            throw e.WorthAnother();
        }
    }

    private static async Task<Stream> SkipAsync(Stream stream, long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(count, BufferSize)];
        for (var left = count; left > 0;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
            if (read == 0)
            {
                break; // Too short: the reader sees an end, and knows what that means.
            }

            left -= read;
        }

        return stream;
    }
}

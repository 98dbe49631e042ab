using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>A request's body: opened when it is time to send, checked on its way, and able to say that the fault was its own.</summary>
internal sealed class UploadContent : HttpContent
{
    private const int BufferSize = 128 * 1024;

    private readonly RequestBody _body;
    private readonly RepositoryAddress _destination;
    private readonly IdleLimit _idle;

    public UploadContent(RequestBody body, RepositoryAddress destination, IdleLimit idle)
    {
        _body = body;
        _destination = destination;
        _idle = idle;
        Headers.ContentLength = body.Content.Size;
        Headers.ContentType = new MediaTypeHeaderValue(body.MediaType);
    }

    /// <summary>Why the bytes could not be had, as opposed to sent; null when that went well.</summary>
    public MultiArchException? SourceFailure { get; private set; }

    /// <param name="e">What the file system says.</param>
    public static MultiArchException CannotRead(Descriptor content, Exception e) => new(
        DiagnosticCodes.CannotRead,
        $"What was to be uploaded as {content.Digest} cannot be read: {OneLine.Sentence(e.Message)} Leave its file in place and publish again.",
        e);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using var source = await FromSourceAsync(OpenAsync, cancellationToken);
            while (await FromSourceAsync(token => source.ReadAsync(buffer, token).AsTask(), cancellationToken) is > 0 and var read)
            {
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Content.Size;
        return true;
    }

    private string Name => $"the upload to {_destination.Registry}/{_destination.Repository}";

    private async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var stream = await _body.Source.OpenAsync(cancellationToken);
        return VerifyingStream.Over(stream, _body.Content, Name, DiagnosticCodes.ContentMismatch);
    }

    /// <summary>While a source is silent, which may be another registry, the silence is not that of the destination.</summary>
    private async Task<T> FromSourceAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        _idle.Pause();
        try
        {
            return await step(cancellationToken);
        }
        catch (MultiArchException e)
        {
            // Another registry's failure is not this one's, and has had its own attempts.
            SourceFailure = e is RegistryException ? new MultiArchException(e.Code, e.Message, e) : e;
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SourceFailure = CannotRead(_body.Content, e);
        }
        finally
        {
            _idle.Restart();
        }
    }
}

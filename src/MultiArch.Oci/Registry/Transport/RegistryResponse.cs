using System.Net;
using System.Net.Http.Headers;
using MultiArch.Oci.Registry.Authentication;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>The headers of an answer, and its body on demand.</summary>
internal sealed class RegistryResponse(HttpResponseMessage message, RegistryRequest request, TimeSpan idleTimeout) : IDisposable
{
    /// <summary>The request answered: after redirects, the last one.</summary>
    public RegistryRequest Request => request;

    public HttpStatusCode Status => message.StatusCode;

    public bool IsSuccess => message.IsSuccessStatusCode;

    public bool IsRedirect => Status is HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>In lower case and without parameters; null when there is none.</summary>
    public string? ContentType => message.Content.Headers.ContentType?.MediaType?.ToLowerInvariant();

    /// <summary>Whether this is a page for people, as captive portals, parked domains and login pages answer.</summary>
    public bool IsPage => ContentType is "text/html" or "application/xhtml+xml";

    /// <summary>Bytes; null when the answer does not say.</summary>
    public long? ContentLength => message.Content.Headers.ContentLength;

    /// <summary>As the header has it, which the validated view would unescape; null when there is none, or several that differ.</summary>
    public string? Location =>
        message.Headers.NonValidated.TryGetValues("Location", out var values) && values.Distinct(StringComparer.Ordinal).ToList() is [var location] ? location : null;

    /// <summary>Who asked; null for anybody.</summary>
    public AuthorizationHeader? Authorization { get; init; }

    /// <summary>The <c>WWW-Authenticate</c> headers as they came.</summary>
    public IEnumerable<string> Challenges => message.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? values : [];

    /// <summary>How long the registry wants to be left alone; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the registry says the digest is; null when it does not, or in another algorithm.</summary>
    public Digest? ContentDigest =>
        message.Headers.TryGetValues("Docker-Content-Digest", out var values) && Digest.TryParse(values.First(), out var digest)
            ? digest
            : null;

    /// <summary>A header as it was sent; null when there is none.</summary>
    public string? Header(string name) => message.Headers.TryGetValues(name, out var values) ? values.First() : null;

    /// <summary>Which part of a blob the body is, and how long the blob is.</summary>
    public ContentRangeHeaderValue? ContentRange => message.Content.Headers.ContentRange;

    /// <summary>Opens the body; disposing the stream ends the response.</summary>
    public async Task<Stream> OpenBodyAsync(CancellationToken cancellationToken) =>
        new ResponseStream(await message.Content.ReadAsStreamAsync(cancellationToken), this, idleTimeout);

    /// <summary>Reads the body up to a limit, and one byte more if there is more. What is read so is small: a server that goes on for ever is left.</summary>
    /// <param name="limit">Bytes.</param>
    /// <exception cref="RegistryException">It broke off, or took too long.</exception>
    public async Task<byte[]> ReadBodyAsync(int limit, CancellationToken cancellationToken)
    {
        var longest = 2 * idleTimeout;
        using var whole = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        whole.CancelAfter(longest);
        try
        {
            return await ReadWholeAsync(limit, whole.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var reason = $"{request.Host}, asked to {request.Action}, did not send the whole of its answer within {longest.TotalSeconds:0.###} s.";
            throw new RegistryException(DiagnosticCodes.RegistryBroke, $"{reason} {ConnectionFailure.Again}", Retry.Again) { Reason = reason };
        }
    }

    public void Dispose() => message.Dispose();

    private async Task<byte[]> ReadWholeAsync(int limit, CancellationToken cancellationToken)
    {
        await using var body = await OpenBodyAsync(cancellationToken);
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (content.Length <= limit)
        {
            var wanted = (int)Math.Min(buffer.Length, limit + 1 - content.Length);
            var read = await body.ReadAsync(buffer.AsMemory(0, wanted), cancellationToken);
            if (read == 0)
            {
                break;
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}

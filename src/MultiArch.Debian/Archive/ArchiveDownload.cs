using System.Net;
using System.Net.Http.Headers;
using MultiArch.Oci.Storage;

namespace MultiArch.Debian.Archive;

/// <summary>One file on its way from a host, over several attempts: what came with one is kept for the next.</summary>
internal sealed class ArchiveDownload(HttpMessageInvoker http, ArchiveOptions options, ArchiveRequest request, Stream destination)
{
    private const int MaxRedirects = 5;
    private const int BufferSize = 128 * 1024;

    private RangeConditionHeaderValue? _version;

    public async Task<ArchiveAnswer> TryAsync(CancellationToken cancellationToken)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            idle.CancelAfter(options.IdleTimeout);
            using var response = await SendAsync(idle.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => await ReceiveAsync(response, 0, idle),
                HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From == destination.Length => await ReceiveAsync(response, destination.Length, idle),
                HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable => throw Restart(),
                HttpStatusCode.NotModified when request.IfModifiedSince is not null => new ArchiveAnswer(ArchiveOutcome.NotModified),
                HttpStatusCode.NotFound or HttpStatusCode.Gone => new ArchiveAnswer(ArchiveOutcome.NotFound),
                _ => throw ArchiveFailure.OfStatus(response, request, options.Time.GetUtcNow()),
            };
        }
        catch (Exception e) when (ArchiveFailure.IsConnection(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw ArchiveFailure.OfConnection(e, request, idle.IsCancellationRequested ? options.IdleTimeout : null);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(CancellationToken cancellationToken)
    {
        var uri = request.Uri;
        for (var hops = 0; ; hops++)
        {
            var response = await http.SendAsync(Message(uri), cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return response;
            }

            using (response)
            {
                uri = hops < MaxRedirects ? NextHop(uri, response.Headers.Location) : throw ArchiveFailure.OfRedirect(request, $"more than {MaxRedirects} times");
            }
        }
    }

    private HttpRequestMessage Message(Uri uri)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, uri);
        message.Headers.IfModifiedSince = request.IfModifiedSince;
        message.Headers.Authorization = request.IsAskedServer(uri) ? request.Logins?.Find(uri)?.ToHeader() : null;
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("MultiArch.Build", null));
        if (destination.Length > 0 && _version is not null)
        {
            message.Headers.Range = new RangeHeaderValue(destination.Length, null);
            message.Headers.IfRange = _version;
        }

        return message;
    }

    private Uri NextHop(Uri from, Uri? location)
    {
        var next = location is null ? null : new Uri(from, location);
        return next is null || next.Scheme is not ("http" or "https") || next.UserInfo.Length > 0 ? throw ArchiveFailure.OfRedirect(request, "without a usable address")
            : from.Scheme is "https" && next.Scheme is not "https" ? throw ArchiveFailure.OfRedirect(request, $"from https to http at {next.Authority}")
            : next;
    }

    private async Task<ArchiveAnswer> ReceiveAsync(HttpResponseMessage response, long offset, CancellationTokenSource idle)
    {
        var headers = response.Content.Headers;
        if (headers.ContentLength is { } length && offset + length > request.MaxSize)
        {
            throw ArchiveFailure.OfSize(request);
        }

        destination.SetLength(offset);
        destination.Position = offset;
        _version = response.Headers.ETag is { IsWeak: false } tag ? new RangeConditionHeaderValue(tag)
            : headers.LastModified is { } date ? new RangeConditionHeaderValue(date)
            : null;

        await using var body = await response.Content.ReadAsStreamAsync(idle.Token);
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await body.ReadAsync(buffer, idle.Token)) > 0)
        {
            idle.CancelAfter(options.IdleTimeout);
            if (destination.Length + read > request.MaxSize)
            {
                throw ArchiveFailure.OfSize(request);
            }

            await WriteAsync(buffer.AsMemory(0, read), idle.Token);
        }

        return new ArchiveAnswer(ArchiveOutcome.Content, headers.LastModified);
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await destination.WriteAsync(bytes, cancellationToken);
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            throw DiskErrors.CannotWrite(Path.GetDirectoryName((destination as FileStream)?.Name) ?? "", e);
        }
    }

    /// <summary>The archive does not go on where it broke off, whatever it says.</summary>
    private ArchiveException Restart()
    {
        destination.SetLength(0);
        _version = null;
        return ArchiveFailure.OfConnection(new IOException("It does not go on where it broke off."), request, idle: null);
    }
}

using System.Net;
using MultiArch.Oci.Registry.Authentication;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>What a request looks like on the wire: its version of HTTP and its headers.</summary>
internal static class RequestMessage
{
    private static readonly string UserAgent = $"MultiArch.Build/{typeof(RequestMessage).Assembly.GetName().Version?.ToString(3)}";

    /// <param name="content">Null for a request without a body.</param>
    public static HttpRequestMessage Create(RegistryRequest request, AuthorizationHeader? authorization, UploadContent? content)
    {
        // HTTP/2 where TLS negotiates it: many requests share a connection then. Without TLS this means HTTP/1.1. "Or higher" would try QUIC.
        var message = new HttpRequestMessage(request.Method, request.Uri)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (authorization?.Value is { } value)
        {
            message.Headers.TryAddWithoutValidation("Authorization", value);
        }

        if (request.Accept.Count > 0)
        {
            message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        }

        if (request.Range is { } wanted)
        {
            message.Headers.TryAddWithoutValidation("Range", wanted);
        }

        if (request.ContentRange is { } range)
        {
            // As text: the typed header writes a unit and a total, which ACR refuses.
            content?.Headers.TryAddWithoutValidation("Content-Range", range);
        }

        return message;
    }
}

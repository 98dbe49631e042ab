using System.Net;
using MultiArch.Oci.Registry.Authentication;
using MultiArch.Oci.Registry.Hosts;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>The first request to a host of which nobody has said whether it speaks https or http: it finds out.</summary>
internal sealed class FirstContact(HostSchemes schemes, SendOnce exchange)
{
    /// <summary>Asks by the likelier one, and by the other if that was no answer.</summary>
    public async Task<RegistryResponse> SendAsync(RegistryRequest request, AuthorizationHeader? authorization, CancellationToken cancellationToken)
    {
        RegistryResponse? response = null;
        RegistryException? failure = null;
        try
        {
            response = await exchange(request, authorization, cancellationToken);
            if (!IsAnswerToOtherScheme(response))
            {
                schemes.Decide(request);
                return response;
            }
        }
        catch (RegistryException e) when (e.MaySpeakOtherScheme)
        {
            failure = e;
        }

        var other = HostSchemes.Switch(request);
        try
        {
            var second = await exchange(other, authorization, cancellationToken);
            if (!IsAnswerToOtherScheme(second))
            {
                schemes.Decide(other);
                response?.Dispose();
                return second;
            }

            second.Dispose();
        }
        catch (RegistryException e) when (e.Code != DiagnosticCodes.RegistryUntrusted || e.MaySpeakOtherScheme)
        {
            // It speaks neither: the first attempt's failure is the one that people know what to do with.
        }

        return response ?? throw failure!; // One of them is there.
    }

    /// <summary>What a TLS server says to http, nginx as well as Go: 400.</summary>
    private static bool IsAnswerToOtherScheme(RegistryResponse response) =>
        response.Status is HttpStatusCode.BadRequest && response.Request.Uri.Scheme == Uri.UriSchemeHttp;
}

using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using MultiArch.Oci.Registry.Hosts;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>Says in one line why no answer came, or not all of it, and whether another attempt may get one.</summary>
internal static class ConnectionFailure
{
    public const string Again = "Publish again; if it stays, look into the registry's log.";

    /// <summary>Whether an exception tells of the connection. A cancellation may be the caller's: ask its token first.</summary>
    public static bool IsOne(Exception e) => e is HttpRequestException or IOException or OperationCanceledException;

    /// <param name="isFirstContact">Whether the host has never answered.</param>
    public static RegistryException Describe(Exception e, RegistryRequest request, IdleLimit idle, bool isFirstContact = false)
    {
        var host = request.Host;
        var asked = $"{host}, asked to {request.Action},";
        var correct = $"correct {request.Address.RegistrySetting}";
        var isTls = request.Uri.Scheme == Uri.UriSchemeHttps;
        var mayNotExist = Retry.Again with { IsFirstContact = isFirstContact };
        return e switch
        {
            _ when InChain<CertificateRejectedException>(e) is { } rejected => Failure(
                DiagnosticCodes.RegistryUntrusted,
                $"{asked} shows a certificate that is not trusted: {rejected.Message}",
                Heal(rejected.Fault, request),
                Retry.Never),
            _ when InChain<AddressRefusedException>(e) is { } refused => Failure(
                DiagnosticCodes.RegistryUntrusted,
                refused.Message,
                refused.NextStep,
                Retry.Never),
            _ when InChain<ProxyUnreachableException>(e) is { } unreachable => Failure(
                DiagnosticCodes.RegistryUnreachable,
                $"The proxy {unreachable.Proxy} on the way to {host} cannot be reached: {Cause(e)}",
                "Check HTTPS_PROXY and NO_PROXY.",
                mayNotExist),
            _ when InChain<SocketException>(e) is { SocketErrorCode: SocketError.ConnectionRefused } => Failure(
                DiagnosticCodes.RegistryUnreachable,
                $"{host} refused the connection.",
                $"Start the registry or {correct}.",
                mayNotExist,
                maySpeakOtherScheme: request.Uri.IsDefaultPort),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => Failure(
                DiagnosticCodes.RegistryUnreachable,
                $"The name service of this machine knows no {host}.",
                $"Check the network, or {correct}.",
                mayNotExist),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } when e.GetBaseException() is IOException or SocketException => Failure(
                DiagnosticCodes.RegistryBroke,
                $"{asked} broke off while a secure connection was made: {Cause(e)}",
                Again,
                Retry.Again,
                maySpeakOtherScheme: true),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => Failure(
                DiagnosticCodes.RegistryUntrusted,
                $"No secure connection to {host} could be made: {Cause(e)}",
                $"Look at the registry's TLS settings, or {correct}. Plain http is spoken to this machine and to hosts in DOTNET_CONTAINER_INSECURE_REGISTRIES only.",
                Retry.Never,
                // No inner exception: what came back was no TLS at all, and not an alert.
                maySpeakOtherScheme: e.GetBaseException() is AuthenticationException),
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError, StatusCode: var status } => Failure(
                DiagnosticCodes.RegistryUnreachable,
                status is { } answer ? $"The proxy in between answered {(int)answer} and did not let us through to {host}." : $"The proxy in between did not let us through to {host}: {Cause(e)}",
                "Check HTTPS_PROXY and NO_PROXY.",
                status is HttpStatusCode.ProxyAuthenticationRequired or HttpStatusCode.Forbidden ? Retry.Never : mayNotExist),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => Failure(
                DiagnosticCodes.RegistryUnreachable,
                $"{host} cannot be reached: {Cause(e)}",
                $"Check the network, or {correct}.",
                mayNotExist),
            HttpRequestException
            {
                HttpRequestError: HttpRequestError.InvalidResponse
                    or HttpRequestError.VersionNegotiationError
                    or HttpRequestError.ConfigurationLimitExceeded,
            } => Failure(
                DiagnosticCodes.NotARegistry,
                $"{asked} does not answer as a registry does: {Cause(e)}",
                $"Start one there, or {correct}.",
                Retry.Never,
                maySpeakOtherScheme: !isTls),
            OperationCanceledException when idle.IsExceeded => Failure(
                DiagnosticCodes.RegistryBroke,
                $"{asked} was silent for {idle.Duration.TotalSeconds:0.###} s.",
                Again,
                Retry.Again),
            OperationCanceledException => Failure(
                DiagnosticCodes.RegistryUnreachable,
                $"{host} did not take the connection in time.",
                $"Check the network, or {correct}.",
                mayNotExist),
            // A reset, an end too early, HTTP/2's GOAWAY and RST_STREAM: the next attempt has a connection of its own.
            _ => Failure(
                DiagnosticCodes.RegistryBroke,
                $"{asked} cut the connection: {Cause(e)}",
                Again,
                Retry.Again,
                maySpeakOtherScheme: !isTls),
        };

        RegistryException Failure(string code, string reason, string next, Retry retry, bool maySpeakOtherScheme = false) =>
            new(code, $"{reason} {next}", retry, e) { Reason = reason, MaySpeakOtherScheme = maySpeakOtherScheme };
    }

    /// <summary>An answer that comes, and does not end.</summary>
    public static RegistryException TooSlow(RegistryRequest request, TimeSpan limit)
    {
        var reason = $"{request.Host}, asked to {request.Action}, had not finished its answer after {limit.TotalSeconds:0.###} s.";
        return new RegistryException(DiagnosticCodes.RegistryBroke, $"{reason} {Again}", Retry.Again) { Reason = reason };
    }

    private static string Heal(CertificateFault fault, RegistryRequest request) => fault switch
    {
        CertificateFault.UnknownAuthority =>
            $"Set MultiArchCertificateAuthority to the PEM file of its authority, or put that into /etc/containers/certs.d/{request.Uri.Authority}/ as ca.crt.",
        CertificateFault.OtherHost =>
            $"Write {request.Address.RegistrySetting} with the name that the certificate has, or let the registry's operator renew it.",
        _ => "Let the registry's operator renew it.",
    };

    /// <summary>The innermost exception knows most: the outer ones say "see inner exception".</summary>
    private static string Cause(Exception e) => OneLine.Sentence(e.GetBaseException().Message);

    private static T? InChain<T>(Exception? e)
        where T : Exception
    {
        while (e is not (null or T))
        {
            e = e.InnerException;
        }

        return (T?)e;
    }
}

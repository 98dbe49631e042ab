using System.Net.Sockets;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>Says in one line why no answer came, or not all of it.</summary>
internal static class ConnectionFailure
{
    /// <summary>Whether an exception tells of the connection. A cancellation may be the caller's: ask its token first.</summary>
    public static bool IsOne(Exception e) => e is HttpRequestException or IOException or OperationCanceledException;

    public static MultiArchException Describe(Exception e, RegistryRequest request, IdleLimit idle)
    {
        var host = request.Host;
        var asked = $"{host}, asked to {request.Action},";
        var correct = $"correct {request.Address.RegistrySetting}";
        var again = "Publish again; if it stays, look into the registry's log.";
        var (code, message) = e switch
        {
            _ when InChain<SocketException>(e) is { SocketErrorCode: SocketError.ConnectionRefused } =>
                (DiagnosticCodes.RegistryUnreachable, $"{host} refused the connection. Start the registry or {correct}."),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
                (DiagnosticCodes.RegistryUnreachable,
                $"The name service of this machine knows no {host}. Check the network, or {correct}."),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                (DiagnosticCodes.RegistryUntrusted,
                $"No secure connection to {host} could be made: {Cause(e)} "
                    + $"Let this machine trust the registry's certificate authority, or {correct}; plain http is spoken to localhost only."),
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } =>
                (DiagnosticCodes.RegistryUnreachable,
                $"The proxy in between did not let us through to {host}: {Cause(e)} Check HTTPS_PROXY and NO_PROXY."),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
                (DiagnosticCodes.RegistryUnreachable, $"{host} cannot be reached: {Cause(e)} Check the network, or {correct}."),
            HttpRequestException
            {
                HttpRequestError: HttpRequestError.InvalidResponse
                    or HttpRequestError.HttpProtocolError
                    or HttpRequestError.ConfigurationLimitExceeded,
            } =>
                (DiagnosticCodes.NotARegistry, $"{asked} does not answer as a registry does: {Cause(e)} Start one there, or {correct}."),
            OperationCanceledException when idle.IsExceeded =>
                (DiagnosticCodes.RegistryBroke,
                $"{asked} was silent for {idle.Duration.TotalSeconds:0.###} s. {again}"),
            OperationCanceledException =>
                (DiagnosticCodes.RegistryUnreachable, $"{host} did not take the connection in time. Check the network, or {correct}."),
            _ =>
                (DiagnosticCodes.RegistryBroke,
                $"{asked} cut the connection: {Cause(e)} {again}"),
        };
        return new MultiArchException(code, message, e);
    }

    /// <summary>The innermost exception knows most: the outer ones say "see inner exception".</summary>
    private static string Cause(Exception e)
    {
        var cause = OneLine.Of(e.GetBaseException().Message);
        return cause.EndsWith('.') ? cause : cause + ".";
    }

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

using System.Globalization;
using MultiArch.Oci;

namespace MultiArch.Debian.Archive;

/// <summary>Says in one line why an archive did not give a file, and whether it may do so later.</summary>
internal static class ArchiveFailure
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    public static bool IsConnection(Exception e) => e is HttpRequestException or IOException or OperationCanceledException;

    /// <param name="idle">How long nothing was sent, if that was it.</param>
    public static ArchiveException OfConnection(Exception e, ArchiveRequest request, TimeSpan? idle)
    {
        var (host, asked) = (request.Host, $"{request.Host}, asked for {request.What},");
        var reason = e switch
        {
            _ when idle is { } silence => $"{asked} was silent for {silence.TotalSeconds:0.###} s.",
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => $"The name service of this machine knows no {host}.",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => $"{host} cannot be reached: {Cause(e)}",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => $"No secure connection to {host} could be made: {Cause(e)}",
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => $"The proxy in between did not let us through to {host}: {Cause(e)}",
            OperationCanceledException => $"{host} did not take the connection in time.",
            _ => $"{asked} broke off: {Cause(e)}",
        };
        var isNobodyThere = idle is null
            && e is OperationCanceledException or HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError };
        return new ArchiveException(
            DiagnosticCodes.ArchiveUnreachable,
            reason,
            $"Check the network and its proxy, or correct {request.Origin}.{(isNobodyThere ? $" {request.WithoutNetwork}" : "")}",
            e)
        {
            IsWorthRetrying = true,
            IsNobodyThere = isNobodyThere,
        };
    }

    /// <param name="now">For an answer that names a time to come back.</param>
    public static ArchiveException OfStatus(HttpResponseMessage response, ArchiveRequest request, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - now : null;
        return new ArchiveException(
            DiagnosticCodes.ArchiveRefused,
            $"{request.Host}, asked for {request.What}, answered {status.ToString(CultureInfo.InvariantCulture)} {OneLine.Of(response.ReasonPhrase, 60)}.",
            status is 401 or 403 ? ExplainRefusal(response.RequestMessage?.RequestUri ?? request.Uri, request) : $"Try again later, or correct {request.Origin}.")
        {
            IsWorthRetrying = status is 408 or 429 or >= 500 && !(wait > LongestWait),
            RetryAfter = wait > TimeSpan.Zero ? wait : null,
        };
    }

    public static ArchiveException OfRedirect(ArchiveRequest request, string why) => new(
        DiagnosticCodes.ArchiveRefused,
        $"{request.Host}, asked for {request.What}, sent us on {why}, and we did not go.",
        $"Correct {request.Origin}.");

    public static ArchiveException OfSize(ArchiveRequest request) => new(
        DiagnosticCodes.ArchiveContentMismatch,
        $"{request.Host}, asked for {request.What}, sends more than {request.MaxSize} bytes.",
        $"Try again later, or correct {request.Origin}.");

    private static string ExplainRefusal(Uri asked, ArchiveRequest request) =>
        !request.IsAskedServer(asked) ? $"It had sent us on to {asked.Authority}, which is given no login. Correct {request.Origin}: name the archive by the address that it is at."
        : request.Logins is { } logins ? $"{logins.ExplainRefusal(asked)} Or correct {request.Origin}."
        : "Sources of a base image are asked without a login: name the archive with MultiArchOSPackageSource, and its login in /etc/apt/auth.conf of this machine.";

    private static string Cause(Exception e) => OneLine.Of(e.GetBaseException().Message).TrimEnd('.') + ".";
}

using System.Net;
using MultiArch.Oci.Registry.Authentication;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>Says in one line what an answer that is no success means, what the registry said, what to do, and whether another attempt may go better.</summary>
internal static class ResponseFailure
{
    // Bytes. What stands in the first errors of a body is enough for a line.
    private const int MaxErrorBody = 64 * 1024;

    public static async Task<RegistryException> ReadAsync(RegistryResponse response, CancellationToken cancellationToken)
    {
        var errors = response.Request.Method == HttpMethod.Head ? [] : await ReadErrorsAsync(response, cancellationToken);
        if (response.Authorization is { } authorization)
        {
            errors = [.. errors.Select(authorization.Redact).Where(error => error.ToString().Length > 0)];
        }

        var (code, reason, next) = Describe(response, errors);
        return new RegistryException(code, $"{reason} {next}", Classify(response, errors)) { Reason = reason, Status = response.Status, Errors = errors };
    }

    private static async Task<IReadOnlyList<RegistryError>> ReadErrorsAsync(RegistryResponse response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await response.ReadBodyAsync(MaxErrorBody, cancellationToken);
            return body.Length > MaxErrorBody ? [] : RegistryError.Decode(body, response.ContentType);
        }
        catch (MultiArchException)
        {
            return []; // The status is known, and says more than that its explanation broke off.
        }
    }

    /// <summary>What may go away by itself; a 4xx that is not listed is the same tomorrow.</summary>
    private static Retry Classify(RegistryResponse response, IReadOnlyList<RegistryError> errors)
    {
        var isTransient = (int)response.Status is 408 or 425 or 429
            or 421 // Another connection may lead to the right server.
            or 499 // nginx: the client, here the proxy in front, went away.
            or 500 or 502 or 503 or 504
            or (>= 520 and <= 524) or 530; // Cloudflare's, for an origin that does not answer it.
        return isTransient || errors.Any(error => error.Code is "TOOMANYREQUESTS" or "UNAVAILABLE")
            ? Retry.Again with { After = response.RetryAfter }
            : Retry.Never;
    }

    private static (string Code, string Reason, string NextStep) Describe(RegistryResponse response, IReadOnlyList<RegistryError> errors)
    {
        var request = response.Request;
        var status = (int)response.Status;
        var asked = $"{request.Host}, asked to {request.Action},";
        var setting = request.Address.RegistrySetting;
        var said = errors.Count > 0 ? $" ({string.Join("; ", errors)})" : "";
        return status switch
        {
            401 or 403 => AuthenticationFailure.Describe(response, errors),
            429 => (DiagnosticCodes.RegistryFailed,
                $"{asked} answered 429, too many requests{said}.",
                "Wait a while and publish again."),
            >= 500 => (DiagnosticCodes.RegistryFailed,
                $"{asked} failed with {status}{said}.",
                "Publish again; if it stays, look into the registry's log."),
            >= 300 and < 400 => (DiagnosticCodes.RegistryRefused,
                $"{asked} sent us elsewhere with {status}.",
                $"Name the registry that it leads to in {setting}."),
            404 when errors.Count == 0 && response.IsPage => NoRegistry(),
            >= 400 => (DiagnosticCodes.RegistryRefused,
                $"{asked} refused it with {status}{said}.",
                NextStep(response.Status, errors, request.Address)),
            _ => NoRegistry(),
        };

        (string, string, string) NoRegistry() => (DiagnosticCodes.NotARegistry,
            $"{asked} answered {status} with {OneLine.Of(response.ContentType ?? "nothing", 100)}, as no registry does.",
            $"Correct {setting}.");
    }

    private static string NextStep(HttpStatusCode status, IReadOnlyList<RegistryError> errors, RepositoryAddress address) =>
        (status, errors is [var first, ..] ? first.Code : "") switch
        {
            (_, "NAME_INVALID" or "NAME_UNKNOWN") =>
                $"Correct {address.RepositorySetting}, or create the repository first if this registry wants that.",
            (_, "TAG_INVALID") or (HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed, _) =>
                "If its tags cannot be moved, choose a new tag.",
            (_, "MANIFEST_BLOB_UNKNOWN" or "BLOB_UNKNOWN" or "MANIFEST_UNKNOWN") =>
                "Something that is needed is not stored there: publish again, and look into the registry's garbage collection if it stays.",
            (_, "DIGEST_INVALID" or "SIZE_INVALID") =>
                "What arrived is not what was sent: publish again, and look at the proxies in between if it stays.",
            (HttpStatusCode.RequestEntityTooLarge, _) =>
                "Raise the limit on a request's size in the registry or the proxy in front of it (nginx: client_max_body_size).",
            (HttpStatusCode.UnsupportedMediaType, _) or (_, "MANIFEST_INVALID" or "UNSUPPORTED") =>
                "If this registry is too old for OCI indexes, set ContainerImageFormat to Docker.",
            (HttpStatusCode.NotFound, _) =>
                $"Correct {address.Settings}.",
            _ => "Ask the registry's operator what it does not take.",
        };
}

using System.Net;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>Says in one line who was not let in: which credential was used, never what it is, and where to put a better one.</summary>
internal static class AuthenticationFailure
{
    /// <summary>An answer of 401 or 403.</summary>
    public static (string Code, string Reason, string NextStep) Describe(RegistryResponse response, IReadOnlyList<RegistryError> errors)
    {
        var request = response.Request;
        var asked = $"{request.Host}, asked to {request.Action},";
        var said = Said(errors);
        if (!request.IsToRegistry)
        {
            // Object storage, by an address that is good for some minutes.
            return (DiagnosticCodes.RegistryDenied,
                $"{asked} denied it with {(int)response.Status}{said}; no credentials are sent to where a registry sends us.",
                "Publish again, as its address may have expired; if it stays, tell the registry's operator.");
        }

        return ((int)response.Status, response.Authorization) switch
        {
            (401, null or { Credential: null }) => (DiagnosticCodes.RegistryUnauthorized,
                $"{asked} wants credentials{said}{Schemes(response)}.",
                $"None were found for it: {LogIn(request.Address)}. If there is no such repository, correct {request.Address.Settings}."),
            (401, { Token: null, WasTaken: false, Credential: { } credential }) => (DiagnosticCodes.RegistryUnauthorized,
                $"{asked} did not take {Name(credential)}{said}.",
                $"Correct it: {LogIn(request.Address)}."),
            (_, { Credential: { } credential }) => (DiagnosticCodes.RegistryDenied,
                $"{asked} denied it{said}: {Name(credential)} gives no right to {Right(request)}.",
                $"Ask for that right, use a token that has it, or correct {request.Address.RepositorySetting}."),
            _ => (DiagnosticCodes.RegistryDenied,
                $"{asked} denied it{said}, and no credentials were asked for.",
                $"Ask for the right to it, or correct {request.Address.RepositorySetting}."),
        };
    }

    /// <summary>A token service that knows the credential not, or wants one.</summary>
    public static RegistryException OfTokenService(RegistryResponse response, IReadOnlyList<RegistryError> errors, Credential? credential)
    {
        var address = response.Request.Address;
        var said = Said(errors);
        var (reason, next) = credential is null
            ? ($"{response.Request.Host}, asked to {response.Request.Action}, wants credentials{said}.",
                $"None were found for {address.Registry}: {LogIn(address)}. If there is no such repository, correct {address.Settings}.")
            : ($"{response.Request.Host}, asked to {response.Request.Action}, did not take {Name(credential)}{said}.",
                $"Correct it: {LogIn(address)}.");
        return new RegistryException(DiagnosticCodes.RegistryUnauthorized, $"{reason} {next}", Retry.Never)
        {
            Reason = reason,
            Status = response.Status,
            Errors = errors,
        };
    }

    /// <summary>A credential that was refused, and is kept back from what it would be asked for next.</summary>
    /// <param name="wasTaken">Whether it was taken for something else.</param>
    public static RegistryException OfRefusedBefore(RegistryRequest request, Credential credential, bool wasTaken)
    {
        var asked = $"{request.Address.Registry}, to be asked to {request.Action},";
        var (code, reason, next) = wasTaken
            ? (DiagnosticCodes.RegistryDenied,
                $"{asked} denied the like before: {Name(credential)} gives no right to {Right(request)}.",
                $"Ask for that right, use a token that has it, or correct {request.Address.RepositorySetting}.")
            : (DiagnosticCodes.RegistryUnauthorized,
                $"{asked} did not take {Name(credential)} before, and it is not shown again: an account may be locked after a few attempts.",
                $"Correct it: {LogIn(request.Address)}.");
        return new RegistryException(code, $"{reason} {next}", Retry.Never)
        {
            Reason = reason,
            Status = HttpStatusCode.Unauthorized,
        };
    }

    private static string Name(Credential credential) => $"the credential from {credential.Source}";

    private static string Right(RegistryRequest request) =>
        $"{(request.Access is RegistryAccess.Push ? "push to" : "pull from")} {request.Address.Repository}";

    private static string LogIn(RepositoryAddress address)
    {
        var (user, password) = CredentialVariables.NamesFor(address.Registry);
        var server = CredentialHost.IsDockerHub(address.Registry) ? "" : $" {address.Registry}";
        return $"run 'docker login{server}' or 'podman login {address.Registry}', or set {user} and {password}";
    }

    /// <summary>What we cannot answer, when nothing else is offered.</summary>
    private static string Schemes(RegistryResponse response)
    {
        var challenges = ChallengeParser.Parse(response.Challenges);
        return challenges.Count > 0 && Challenge.Preferred(challenges) is null
            ? $", by {string.Join(" or ", challenges.Select(challenge => OneLine.Of(challenge.Scheme)).Distinct().Take(3))} only"
            : "";
    }

    private static string Said(IReadOnlyList<RegistryError> errors) => errors.Count > 0 ? $" ({string.Join("; ", errors)})" : "";
}

using System.Net;
using System.Text;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>Sends one request as it stands, without following or answering anything.</summary>
internal delegate Task<RegistryResponse> SendOnce(RegistryRequest request, AuthorizationHeader? authorization, CancellationToken cancellationToken);

/// <summary>Asks a registry's token service for tokens.</summary>
/// <remarks>
/// https://github.com/distribution/distribution/blob/v3.0.0/docs/content/spec/auth/token.md (GET) and
/// https://github.com/distribution/distribution/blob/v3.0.0/docs/content/spec/auth/oauth.md (POST)
/// </remarks>
internal sealed class TokenService(SendOnce send, TimeProvider time)
{
    private const string Client = "MultiArch.Build";

    // Bytes. Tokens with many rights take some thousands.
    private const int MaxAnswer = 128 * 1024;

    /// <param name="isDoubtful">Whether the credential was refused before: it is then shown one way only.</param>
    /// <exception cref="RegistryException"><see cref="DiagnosticCodes.RegistryUnauthorized"/> when it does not take the credential.</exception>
    public async Task<AccessToken> RequestAsync(TokenRequest request, bool isDoubtful, CancellationToken cancellationToken)
    {
        // An identity token is made for the one way and a password for the other, and there are services that know one way only.
        var credential = request.Credential;
        Func<TokenRequest, CancellationToken, Task<RegistryResponse>>[] ways = credential switch
        {
            null => [GetAsync],
            { IsIdentityToken: true } when isDoubtful => [PostAsync],
            _ when isDoubtful => [GetAsync],
            { IsIdentityToken: true } => [PostAsync, GetAsync],
            _ => [GetAsync, PostAsync],
        };
        foreach (var way in ways)
        {
            using var response = await way(request, cancellationToken);
            if (response.Status is HttpStatusCode.OK && !response.IsPage)
            {
                return await ReadAsync(response, cancellationToken);
            }

            // 404 from Google, 401 from Artifactory, 400 from Azure, where the other way is meant.
            var isOtherWayMeant = response.Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed;
            if (way == ways[^1] || !isOtherWayMeant)
            {
                throw await FailAsync(response, request, cancellationToken);
            }
        }

        throw new InvalidOperationException("There is a last way.");
    }

    private Task<RegistryResponse> GetAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        var query = new StringBuilder(request.Realm.Query.TrimStart('?'));
        Append(query, "service", request.Service);
        foreach (var scope in request.Scopes.Values)
        {
            Append(query, "scope", scope);
        }

        Append(query, "client_id", Client);
        var uri = new UriBuilder(request.Realm) { Query = query.ToString(), Fragment = "" }.Uri;
        var authorization = request.Credential is { } credential ? AuthorizationHeader.Basic(credential) : null;
        return send(Describe(HttpMethod.Get, uri, request), authorization, cancellationToken);
    }

    private Task<RegistryResponse> PostAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        var credential = request.Credential ?? throw new InvalidOperationException("Anybody's token is asked for by GET.");
        var form = new StringBuilder();
        Append(form, "grant_type", credential.IsIdentityToken ? "refresh_token" : "password");
        Append(form, "service", request.Service);
        Append(form, "client_id", Client);
        Append(form, "scope", string.Join(' ', request.Scopes.Values));
        if (credential.IsIdentityToken)
        {
            Append(form, "refresh_token", credential.Secret);
        }
        else
        {
            Append(form, "username", credential.Username);
            Append(form, "password", credential.Secret);
        }

        const string Type = "application/x-www-form-urlencoded";
        var body = Encoding.ASCII.GetBytes(form.ToString());
        var post = Describe(HttpMethod.Post, request.Realm, request) with
        {
            Body = new RequestBody(new Descriptor(Type, Digest.Of(body), body.Length), BlobSource.FromBytes(body), Type),
        };
        return send(post, AuthorizationHeader.Posted(credential), cancellationToken);
    }

    private static RegistryRequest Describe(HttpMethod method, Uri uri, TokenRequest request) =>
        new(method, uri, request.For.Address, $"give a token for {request.For.Address.Repository}") { Accept = ["application/json"] };

    private async Task<AccessToken> ReadAsync(RegistryResponse response, CancellationToken cancellationToken)
    {
        var answer = await response.ReadBodyAsync(MaxAnswer, cancellationToken);
        return (answer.Length <= MaxAnswer ? AccessToken.Parse(answer, time.GetTimestamp()) : null) ?? throw new RegistryException(
            DiagnosticCodes.NotARegistry,
            $"{response.Request.Host}, asked to {response.Request.Action}, answered without one. Tell the registry's operator.",
            Retry.Never);
    }

    private static async Task<RegistryException> FailAsync(RegistryResponse response, TokenRequest request, CancellationToken cancellationToken)
    {
        if (response.IsRedirect)
        {
            return new RegistryException(
                DiagnosticCodes.RegistryUntrusted,
                $"{response.Request.Host}, asked to {response.Request.Action}, sent us elsewhere with {(int)response.Status}, "
                    + "and credentials do not follow. Let the registry's operator correct its address for tokens (the 'realm').",
                Retry.Never);
        }

        var failure = await ResponseFailure.ReadAsync(response, cancellationToken);
        return response.Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? AuthenticationFailure.OfTokenService(response, failure.Errors, request.Credential)
            : failure;
    }

    private static void Append(StringBuilder query, string name, string? value)
    {
        if (value is not null)
        {
            query.Append(query.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }
}

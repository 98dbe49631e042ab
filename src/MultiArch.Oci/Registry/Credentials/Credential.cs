namespace MultiArch.Oci.Registry.Credentials;

/// <summary>What tells a registry who asks.</summary>
/// <param name="Username">Empty for an identity token.</param>
/// <param name="Secret">A password, or an identity token. Never shown, logged or put into a message.</param>
/// <param name="Source">Where it comes from, for messages: <c>the file ~/.docker/config.json</c>.</param>
public sealed record Credential(string Username, string Secret, string Source)
{
    internal const string IdentityTokenUser = "<token>";

    /// <summary>Whether <see cref="Secret"/> is a refresh token, to be exchanged and never sent as a password.</summary>
    /// <remarks>https://github.com/distribution/distribution/blob/v3.0.0/docs/content/spec/auth/oauth.md</remarks>
    public bool IsIdentityToken { get; init; }

    /// <summary>What stands as user and password in a login; the user <c>&lt;token&gt;</c> says that the password is an identity token.</summary>
    /// <remarks>https://github.com/docker/docker-credential-helpers/blob/v0.9.3/README.md#development</remarks>
    internal static Credential Of(string username, string secret, string source) => username == IdentityTokenUser
        ? new Credential("", secret, source) { IsIdentityToken = true }
        : new Credential(username, secret, source);

    /// <summary>Without the secret, which a log would keep.</summary>
    public override string ToString() => $"{Source}: {(IsIdentityToken ? "an identity token" : Username)}";
}

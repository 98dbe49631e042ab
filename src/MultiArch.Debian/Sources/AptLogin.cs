using System.Net.Http.Headers;
using System.Text;

namespace MultiArch.Debian.Sources;

/// <summary>An entry of apt's <c>auth.conf</c>. Not a record: one prints what it holds.</summary>
/// <param name="scheme">Null for https alone.</param>
/// <param name="port">Null for all.</param>
/// <param name="path">The beginning of the paths that it is for, with a slash at its start; empty for all.</param>
/// <param name="origin">The file, and whose.</param>
internal sealed class AptLogin(string? scheme, string host, int? port, string path, string user, string password, string origin)
{
    public string Origin => origin;

    /// <remarks>
    /// https://manpages.debian.org/bookworm/apt/apt_auth.conf.5.en.html. As that page has it, and unlike in
    /// apt 2.6 itself, no port means all of them beside a path too; and a scheme's own port is the same whether an address says it or not.
    /// </remarks>
    public bool IsFor(Uri uri) => uri.Scheme == (scheme ?? Uri.UriSchemeHttps) && IsForPlace(uri);

    /// <summary>Whether it is kept from an address only because what is sent there can be read on the way.</summary>
    public bool IsWithheldFrom(Uri uri) => scheme is null && uri.Scheme == Uri.UriSchemeHttp && IsForPlace(uri);

    /// <summary>RFC 7617.</summary>
    public AuthenticationHeaderValue ToHeader() => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private bool IsForPlace(Uri uri) =>
        host.Equals(uri.Host, StringComparison.OrdinalIgnoreCase) && (port ?? uri.Port) == uri.Port && uri.AbsolutePath.StartsWith(path, StringComparison.Ordinal);
}

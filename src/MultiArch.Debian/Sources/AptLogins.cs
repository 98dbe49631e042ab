using MultiArch.Oci;

namespace MultiArch.Debian.Sources;

/// <summary>The logins that apt of a system has for private archives: <c>/etc/apt/auth.conf</c> and <c>/etc/apt/auth.conf.d</c>. Read when one is first asked for.</summary>
/// <param name="system">For messages: <c>this machine</c>.</param>
public sealed class AptLogins(IRootFiles root, string system)
{
    private const string Main = "etc/apt/auth.conf";
    private const string Parts = "etc/apt/auth.conf.d";

    private readonly Lazy<(IReadOnlyList<AptLogin> Logins, IReadOnlyList<string> Unreadable)> _read = new(() => Read(root, system));

    /// <returns>The first that is for an address; null for none.</returns>
    internal AptLogin? Find(Uri uri) => _read.Value.Logins.FirstOrDefault(login => login.IsFor(uri));

    /// <summary>What to do about an archive that refuses: a sentence, which holds no login.</summary>
    internal string ExplainRefusal(Uri uri)
    {
        var machine = OneLine.Of($"{(uri.Scheme == Uri.UriSchemeHttps ? "" : $"{uri.Scheme}://")}{uri.Authority}");
        var (logins, unreadable) = _read.Value;
        return Find(uri) is { } sent ? $"It was sent the login of {sent.Origin}: correct it there."
            : logins.FirstOrDefault(login => login.IsWithheldFrom(uri)) is { } withheld ? $"The login of {withheld.Origin} is for https alone: take the archive's https address, or write 'machine {machine}' there to have it sent in the clear."
            : unreadable.Count > 0 ? $"{string.Join(" and ", unreadable)} of {system}, where a login would be, cannot be read by this user: let the user who publishes read it."
            : $"Nothing in /{Main} or /{Parts}/*.conf of {system} is a login for it: write 'machine {machine} login … password …' there.";
    }

    private static (IReadOnlyList<AptLogin> Logins, IReadOnlyList<string> Unreadable) Read(IRootFiles root, string system)
    {
        var logins = new List<AptLogin>();
        var unreadable = new List<string>();
        foreach (var path in AptFile.Names(root.List(Parts), ".conf").Select(name => $"{Parts}/{name}").Prepend(Main))
        {
            try
            {
                logins.AddRange(AptFile.ReadText(root, path) is { } text ? AuthFile.Parse(text, $"/{path} of {system}") : []);
            }
            catch (MultiArchException e) when (e.Code is DiagnosticCodes.CannotRead)
            {
                unreadable.Add($"/{path}"); // Often root's alone, and of no use to the archives that are asked: told if one wants a login.
            }
        }

        return (logins, unreadable);
    }
}

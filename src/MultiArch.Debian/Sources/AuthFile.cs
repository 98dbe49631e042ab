using System.Globalization;

namespace MultiArch.Debian.Sources;

/// <summary>Reads a file of apt's logins: <c>machine [scheme://]host[:port][/path] login … password …</c>, on one line or on several.</summary>
/// <remarks>
/// Other words are passed over, as by apt: https://manpages.debian.org/bookworm/apt/apt_auth.conf.5.en.html. A line that begins with # is a
/// comment here, which apt does not know: it reads the entry behind it.
/// </remarks>
internal static class AuthFile
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    /// <param name="origin">The file, and whose.</param>
    /// <returns>In the file's order; none without a name and a password.</returns>
    public static IReadOnlyList<AptLogin> Parse(string text, string origin)
    {
        var logins = new List<AptLogin>();
        string? machine = null;
        var (user, password) = ("", "");
        using var words = text.Split('\n').Where(line => !line.TrimStart().StartsWith('#')).SelectMany(line => line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries)).GetEnumerator();
        while (words.MoveNext())
        {
            switch (words.Current)
            {
                case "machine":
                    Close();
                    machine = words.MoveNext() ? words.Current : null;
                    (user, password) = ("", "");
                    break;
                case "login":
                    user = words.MoveNext() ? words.Current : "";
                    break;
                case "password":
                    password = words.MoveNext() ? words.Current : "";
                    break;
            }
        }

        Close();
        return logins;

        void Close()
        {
            if (machine is not null && user.Length + password.Length > 0)
            {
                logins.Add(Read(machine, user, password, origin));
            }
        }
    }

    private static AptLogin Read(string machine, string user, string password, string origin)
    {
        var (scheme, place) = machine.IndexOf("://", StringComparison.Ordinal) is >= 0 and var colon ? (machine[..colon], machine[(colon + "://".Length)..]) : (null, machine);
        var slash = place.IndexOf('/');
        var (server, path) = slash < 0 ? (place, "") : (place[..slash], place[slash..]);
        return server.LastIndexOf(':') is > 0 and var last && last > server.LastIndexOf(']') && int.TryParse(server[(last + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new AptLogin(scheme, server[..last], port, path, user, password, origin)
            : new AptLogin(scheme, server, port: null, path, user, password, origin);
    }
}

using System.Text;
using MultiArch.Debian.Sources;
using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Debian.Tests.Sources;

[TestClass]
public sealed class AptLoginsTests
{
    [TestMethod]
    [DataRow("example.org", true)]
    [DataRow("EXAMPLE.org", true)]
    [DataRow("example.org/deb", true)]
    [DataRow("example.org/debian/", true)]
    [DataRow("https://example.org/debian", true)]
    [DataRow("example.org:443", true)]
    [DataRow("example.org:8443", false)]
    [DataRow("example.org/deb/", false)]
    [DataRow("example.org/ubuntu", false)]
    [DataRow("example.orga", false)]
    [DataRow("ample.org", false)]
    [DataRow("http://example.org", false)]
    [DataRow("ftp://example.org", false)]
    [DataRow("", false)]
    public void A_machine_is_a_host_with_a_scheme_a_port_and_the_beginning_of_a_path_if_it_says_so(string machine, bool isFor) =>
        Assert.AreEqual(isFor ? "apt:debian" : null, Find($"machine {machine} login apt password debian", "https://example.org/debian/dists/bookworm/InRelease"));

    [TestMethod]
    [DataRow("example.org", "http://example.org/debian/", false)]
    [DataRow("http://example.org", "http://example.org/debian/", true)]
    [DataRow("http://example.org", "http://example.org:8080/debian/", true)]
    [DataRow("http://example.org:80/deb", "http://example.org:8080/debian/", false)]
    [DataRow("http://[::1]:8080/deb", "http://[::1]:8080/debian/", true)]
    [DataRow("http://[::1]", "http://[::1]:8080/debian/", true)]
    public void In_the_clear_a_login_goes_only_where_the_file_says_http(string machine, string uri, bool isFor) =>
        Assert.AreEqual(isFor ? "apt:debian" : null, Find($"machine {machine} login apt password debian", uri));

    [TestMethod]
    public void Entries_may_have_lines_of_their_own_and_the_first_that_fits_counts()
    {
        const string text = "# machine a.test login no password no\nmachine a.test/other\n\tlogin one password 1\n\nmachine a.test\n\taccount x\n\tlogin two\n\tpassword p:#ä2\nmachine a.test login three password 3\nmachine b.test\nmachine";

        Assert.AreEqual("one:1", Find(text, "https://a.test/other/"));
        Assert.AreEqual("two:p:#ä2", Find(text, "https://a.test/debian/"));
        Assert.IsNull(Find(text, "https://b.test/"));
        Assert.AreEqual("token:", Find("machine a.test login token", "https://a.test/"));
    }

    [TestMethod]
    public void The_files_are_read_in_apts_order_and_others_are_not()
    {
        using var root = new TempDirectory();
        root.Write("etc/apt/auth.conf.d/20-b.conf", "machine a.test login later password x machine b.test login b password x");
        root.Write("etc/apt/auth.conf.d/10-a.conf", "machine a.test login later password x machine b.test login a password x");
        root.Write("etc/apt/auth.conf.d/c.conf.bak", "machine c.test login c password x");
        root.Write("etc/apt/auth.conf", "machine a.test login first password x");
        var logins = new AptLogins(new HostRootFiles(root.Path), "this machine");

        Assert.AreEqual("/etc/apt/auth.conf of this machine", logins.Find(new Uri("https://a.test/"))?.Origin);
        Assert.AreEqual("/etc/apt/auth.conf.d/10-a.conf of this machine", logins.Find(new Uri("https://b.test/"))?.Origin);
        Assert.IsNull(logins.Find(new Uri("https://c.test/")));
        Assert.IsNull(new AptLogins(new HostRootFiles(root["nowhere"]), "this machine").Find(new Uri("https://a.test/")));
    }

    [TestMethod]
    public void A_file_that_this_user_must_not_read_is_told_to_whom_it_may_concern()
    {
        var logins = new AptLogins(new RootsAlone(), "this machine");

        Assert.IsNull(logins.Find(new Uri("https://a.test/")));
        Assert.AreEqual(
            "/etc/apt/auth.conf and /etc/apt/auth.conf.d/a.conf of this machine, where a login would be, cannot be read by this user: let the user who publishes read it.",
            logins.ExplainRefusal(new Uri("https://a.test/")));
    }

    private static string? Find(string text, string uri)
    {
        using var root = new TempDirectory();
        root.Write("etc/apt/auth.conf", text);
        return new AptLogins(new HostRootFiles(root.Path), "this machine").Find(new Uri(uri))?.ToHeader() is { Scheme: "Basic", Parameter: { } parameter }
            ? Encoding.UTF8.GetString(Convert.FromBase64String(parameter))
            : null;
    }

    private sealed class RootsAlone : IRootFiles
    {
        public byte[] ReadFile(string path) => throw new MultiArchException(DiagnosticCodes.CannotRead, $"Cannot read '/{path}': Permission denied.");

        public IEnumerable<string> List(string path) => ["a.conf"];
    }
}

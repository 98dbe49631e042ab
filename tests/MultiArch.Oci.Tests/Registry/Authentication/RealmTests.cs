using MultiArch.Oci.Registry.Authentication;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Tests.Registry.Authentication;

[TestClass]
public sealed class RealmTests
{
    [TestMethod]
    [DataRow("docker.io", "https://auth.docker.io/token")]
    [DataRow("registry.gitlab.com", "https://gitlab.com/jwt/auth")]
    [DataRow("ghcr.io", "https://ghcr.io/token?a=b")]
    [DataRow("10.1.2.3:5000", "https://10.1.2.3/token")]
    [DataRow("10.1.2.3:5000", "https://10.9.9.9/token")]
    [DataRow("localhost:5000", "http://localhost:5001/token")]
    [DataRow("127.0.0.1:5000", "http://localhost:5001/token")]
    [DataRow("localhost:5000", "https://auth.example/token")]
    public void A_realm_on_the_web_is_followed(string registry, string realm) => Assert.AreEqual(realm, Realm.Resolve(Request(registry), realm).AbsoluteUri);

    [TestMethod]
    [DataRow("/service/token", "https://harbor.example/service/token")]
    [DataRow("token", "https://harbor.example/v2/acme/app/manifests/token")]
    [DataRow("//harbor.example/token", "https://harbor.example/token")]
    public void A_relative_realm_is_the_registry_s_own(string realm, string expected) =>
        Assert.AreEqual(expected, Realm.Resolve(Request("harbor.example"), realm).AbsoluteUri);

    [TestMethod]
    [TestProperty("Catalogue", "72")]
    [DataRow("ghcr.io", "http://ghcr.io/token", "over http")]
    [DataRow("ghcr.io", "http://auth.example/token", "over http")]
    [DataRow("localhost:5000", "http://auth.example/token", "over http")]
    [DataRow("ghcr.io", "https://user:password@ghcr.io/token", "a user in it")]
    [DataRow("ghcr.io", "https://169.254.169.254/latest/meta-data", "an address of this machine")]
    [DataRow("localhost:5000", "http://169.254.169.254/latest/meta-data", "over http")]
    [DataRow("localhost:5000", "https://169.254.169.254/latest/meta-data", "an address of this machine")]
    [DataRow("ghcr.io", "https://localhost/token", "an address of this machine")]
    [DataRow("ghcr.io", "https://localhost./token", "an address of this machine")]
    [DataRow("ghcr.io", "https://a.LOCALHOST/token", "an address of this machine")]
    [DataRow("ghcr.io", "https://127.0.0.1/token", "an address of this machine")]
    [DataRow("ghcr.io", "https://127.0.0.1./token", "an address of this machine")]
    [DataRow("ghcr.io", "https://127.1/token", "an address of this machine")]
    [DataRow("ghcr.io", "https://2130706433/token", "an address of this machine")]
    [DataRow("ghcr.io", "https://0x7f.0.0.1/token", "an address of this machine")]
    [DataRow("ghcr.io", "https://0.0.0.0/token", "an address of this machine")]
    [DataRow("ghcr.io", "https://[::1]/token", "an address of this machine")]
    [DataRow("ghcr.io", "https://[::]/token", "an address of this machine")]
    [DataRow("ghcr.io", "https://[::ffff:127.0.0.1]/token", "an address of this machine")]
    [DataRow("ghcr.io", "https://[::ffff:10.0.0.1]/token", "an address of a private network")]
    [DataRow("ghcr.io", "https://[64:ff9b::7f00:1]/token", "an address of this machine")]
    [DataRow("ghcr.io", "https://[fe80::1]/token", "an address of this machine")]
    [DataRow("ghcr.io", "https://[fd00::1]/token", "an address of a private network")]
    [DataRow("ghcr.io", "https://10.0.0.1/token", "an address of a private network")]
    [DataRow("ghcr.io", "https://192.168.1.1/token", "an address of a private network")]
    [DataRow("ghcr.io", "https://224.0.0.1/token", "an address of this machine")]
    [DataRow("10.1.2.3", "https://127.0.0.1/token", "an address of this machine")]
    [DataRow("ghcr.io", "//evil.example/token", "neither a whole address nor the registry's own")]
    [DataRow("ghcr.io", "file:///etc/passwd", "no address of the web")]
    [DataRow("ghcr.io", "ftp://ghcr.io/token", "no address of the web")]
    public void A_realm_that_would_give_credentials_away_is_refused(string registry, string realm, string why)
    {
        var exception = Assert.ThrowsExactly<RegistryException>(() => Realm.Resolve(Request(registry), realm));

        if (exception.Code != DiagnosticCodes.NotARegistry) // What has no host is no address.
        {
            Assert.AreEqual(DiagnosticCodes.RegistryUntrusted, exception.Code, exception.Message);
            StringAssert.Contains(exception.Message, why);
        }

        Assert.IsFalse(exception.Retry.IsWorthwhile);
        Assert.DoesNotContain("password", exception.Message);
        Assert.DoesNotContain("token?", exception.Message);
    }

    [TestMethod]
    [TestProperty("Catalogue", "72")]
    [DataRow("https://１２７.０.０.１/token")]
    [DataRow("https://127。0。0。1/token")]
    [DataRow("https://ｌocalhost/token")]
    public void A_realm_in_full_width_is_never_this_machine(string realm)
    {
        Uri? followed = null;
        try
        {
            followed = Realm.Resolve(Request("ghcr.io"), realm);
        }
        catch (RegistryException e)
        {
            Assert.IsTrue(e.Code is DiagnosticCodes.RegistryUntrusted or DiagnosticCodes.NotARegistry, e.Message);
        }

        // Without ICU such a name is not translated, and is then nobody's: what was looked at is what is connected to.
        Assert.IsTrue(followed is null || followed.IdnHost.StartsWith("xn--", StringComparison.Ordinal), followed?.IdnHost);
    }

    [TestMethod]
    [TestProperty("Catalogue", "65")]
    [DataRow(null)]
    [DataRow("")]
    [DataRow(" ")]
    [DataRow("https://")]
    [DataRow("http://[::1")]
    public void A_realm_that_is_no_address_is_told(string? realm)
    {
        var exception = Assert.ThrowsExactly<RegistryException>(() => Realm.Resolve(Request("ghcr.io"), realm));

        Assert.AreEqual(DiagnosticCodes.NotARegistry, exception.Code);
        StringAssert.Contains(exception.Message, "does not say from where");
    }

    [TestMethod]
    [DataRow("https://registry-1.docker.io/v2/", "https://auth.docker.io/token", false)]
    [DataRow("https://registry.gitlab.com/v2/", "https://gitlab.com/jwt/auth", false)]
    [DataRow("https://registry.example.co.uk/v2/", "https://auth.example.co.uk/token", false)]
    [DataRow("https://registry.redhat.io/v2/", "https://sso.redhat.com/token", false)]
    [DataRow("http://127.0.0.1:5000/v2/", "http://localhost:5001/token", false)]
    [DataRow("https://10.0.0.1/v2/", "https://10.0.0.1:5001/token", false)]
    [DataRow("https://registry.example/v2/", "https://auth.evil.example/token", true)]
    [DataRow("https://registry.example.com/v2/", "https://auth.evil.com/token", true)]
    [DataRow("https://registry.example.co.uk/v2/", "https://auth.evil.co.uk/token", true)]
    [DataRow("https://evilredhat.io/v2/", "https://sso.redhat.com/token", true)]
    [DataRow("https://10.0.0.1/v2/", "https://10.1.0.1/token", true)]
    [DataRow("https://ghcr.io/v2/", "https://auth.docker.io/token", true)]
    public void A_realm_of_another_domain_is_foreign(string registry, string realm, bool isForeign) =>
        Assert.AreEqual(isForeign, Realm.IsForeign(new Uri(registry), new Uri(realm)));

    private static RegistryRequest Request(string registry)
    {
        var address = new RepositoryAddress(new ImageReference(registry, "acme/app"));
        return new RegistryRequest(HttpMethod.Get, address.Manifest("1.0"), address, "read the manifest 1.0 of acme/app");
    }
}

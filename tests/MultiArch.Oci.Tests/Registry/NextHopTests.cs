using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Tests.Registry;

[TestClass]
public sealed class NextHopTests
{
    [TestMethod]
    [DataRow("/v2/x?_state=a%2Bb", "https://ghcr.io/v2/x?_state=a%2Bb")]
    [DataRow("?a=b", "https://ghcr.io/v2/acme/app/blobs/uploads/?a=b")]
    [DataRow("1234", "https://ghcr.io/v2/acme/app/blobs/uploads/1234")]
    [DataRow("https://storage.example:443/p%2Fq?sig=a%2Bb", "https://storage.example/p%2Fq?sig=a%2Bb")]
    [DataRow("//storage.example/p", "https://storage.example/p")]
    [TestProperty("Catalogue", "26")]
    public void A_location_is_absolute_or_relative_to_the_request(string location, string expected) =>
        Assert.AreEqual(expected, NextHop.Resolve(Request("ghcr.io"), location).AbsoluteUri);

    [TestMethod]
    [DataRow("https://storage.example/p?sig=%7e%7E|~+%2b&x=")]
    [DataRow("https://storage.example/p?")]
    [TestProperty("Catalogue", "27")]
    public void The_query_of_a_location_stays_as_it_was_written(string location) =>
        Assert.AreEqual(location[location.IndexOf('?')..], NextHop.Resolve(Request("ghcr.io"), location).PathAndQuery["/p".Length..]);

    [TestMethod]
    [DataRow(null)]
    [DataRow("")]
    [DataRow("file:///etc/passwd")]
    [DataRow("ftp://storage.example/p")]
    [DataRow("https://user:password@storage.example/p")]
    [DataRow("https://")]
    [TestProperty("Catalogue", "29")]
    public void A_location_that_leads_nowhere_is_refused(string? location) =>
        AssertRefused("ghcr.io", location, DiagnosticCodes.NotARegistry);

    [TestMethod]
    [DataRow("http://ghcr.io:5000/v2/x")]
    [DataRow("http://storage.example/p")]
    [TestProperty("Catalogue", "28")]
    public void A_location_without_TLS_is_refused_to_a_registry_with_it(string location) =>
        AssertRefused("ghcr.io", location, DiagnosticCodes.RegistryUntrusted);

    [TestMethod]
    [DataRow("http://ghcr.io/v2/x?_state=a%7e")]
    [DataRow("http://GHCR.io:80/v2/x?_state=a%7e")]
    [TestProperty("Catalogue", "28")]
    public void A_registry_that_does_not_know_of_the_TLS_in_front_of_it_is_followed_by_https(string location) =>
        Assert.AreEqual("https://ghcr.io/v2/x?_state=a%7e", NextHop.Resolve(Request("ghcr.io"), location).AbsoluteUri);

    [TestMethod]
    [DataRow("https://localhost/p")]
    [DataRow("https://127.0.0.1:8443/p")]
    [DataRow("https://[::1]/p")]
    [DataRow("https://[::ffff:127.0.0.1]/p")]
    [DataRow("https://169.254.169.254/latest/meta-data")]
    [DataRow("https://[fe80::1]/p")]
    [DataRow("https://0.0.0.0/p")]
    [TestProperty("Catalogue", "29")]
    public void A_registry_elsewhere_may_not_send_us_to_this_machine(string location) =>
        AssertRefused("ghcr.io", location, DiagnosticCodes.RegistryUntrusted);

    [TestMethod]
    public void A_local_registry_may_send_us_to_this_machine() =>
        Assert.AreEqual("http://127.0.0.1:9000/p", NextHop.Resolve(Request("localhost:5000"), "http://127.0.0.1:9000/p").AbsoluteUri);

    [TestMethod]
    public void A_refusal_does_not_repeat_the_signature_in_a_location()
    {
        var exception = Assert.ThrowsExactly<RegistryException>(() => NextHop.Resolve(Request("ghcr.io"), "http://storage.example/p?sig=secret"));

        Assert.DoesNotContain("secret", exception.Message);
        StringAssert.Contains(exception.Message, "storage.example");
    }

    private static void AssertRefused(string registry, string? location, string code) =>
        Assert.AreEqual(code, Assert.ThrowsExactly<RegistryException>(() => NextHop.Resolve(Request(registry), location)).Code);

    private static RegistryRequest Request(string registry)
    {
        var address = new RepositoryAddress(new ImageReference(registry, "acme/app"));
        return new RegistryRequest(HttpMethod.Post, address.Uploads, address, "store a blob");
    }
}

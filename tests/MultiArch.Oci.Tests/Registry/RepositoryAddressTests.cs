using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Tests.Registry;

[TestClass]
public sealed class RepositoryAddressTests
{
    private static readonly Digest Digest = Digest.Of([]);

    [TestMethod]
    [DataRow("localhost")]
    [DataRow("localhost:5000")]
    [DataRow("LOCALHOST:5000")]
    [DataRow("registry.localhost:5000")]
    [DataRow("127.0.0.1:5000")]
    [DataRow("127.255.0.9")]
    [DataRow("[::1]:5000")]
    public void A_registry_on_this_machine_is_spoken_to_in_http(string registry) =>
        Assert.AreEqual("http", Address(registry).Blob(Digest).Scheme);

    [TestMethod]
    [DataRow("ghcr.io")]
    [DataRow("localhost.example.com")]
    [DataRow("notlocalhost:5000")]
    [DataRow("127.0.0.1.example.com")]
    [DataRow("128.0.0.1:5000")]
    [DataRow("10.0.0.1:5000")]
    [DataRow("[fe80::1]:5000")]
    public void Every_other_registry_is_spoken_to_in_https(string registry) =>
        Assert.AreEqual("https", Address(registry).Blob(Digest).Scheme);

    [TestMethod]
    [DataRow("docker.io")]
    [DataRow("DOCKER.IO")]
    public void Docker_Hub_answers_under_another_name_and_keeps_its_own_in_messages(string registry)
    {
        var address = Address(registry);

        Assert.AreEqual("registry-1.docker.io", address.Uploads.Host);
        Assert.AreEqual(registry, address.Registry);
    }

    [TestMethod]
    public void Endpoints_are_those_of_the_specification()
    {
        var address = Address("ghcr.io");

        Assert.AreEqual($"https://ghcr.io/v2/acme/app/blobs/{Digest}", address.Blob(Digest).AbsoluteUri);
        Assert.AreEqual("https://ghcr.io/v2/acme/app/blobs/uploads/", address.Uploads.AbsoluteUri);
        Assert.AreEqual(
            $"https://ghcr.io/v2/acme/app/blobs/uploads/?mount=sha256%3A{Digest.Hex}&from=acme%2Fbase",
            address.Mount(Digest, "acme/base").AbsoluteUri);
        Assert.AreEqual("https://ghcr.io/v2/acme/app/manifests/1.0", address.Manifest("1.0").AbsoluteUri);
        Assert.AreEqual($"https://ghcr.io/v2/acme/app/manifests/{Digest}", address.Manifest(Digest.ToString()).AbsoluteUri);
    }

    [TestMethod]
    public void A_port_that_does_not_exist_is_refused_with_the_property_to_correct()
    {
        var exception = Assert.ThrowsExactly<MultiArchException>(() => new RepositoryAddress(new ImageReference("ghcr.io:99999", "app"), "ContainerBaseImage"));

        Assert.AreEqual(DiagnosticCodes.InvalidRegistry, exception.Code);
        StringAssert.Contains(exception.Message, "ContainerBaseImage");
    }

    [TestMethod]
    [DataRow("https://ghcr.io/else", true)]
    [DataRow("https://GHCR.IO:443/else", true)]
    [DataRow("http://ghcr.io/v2/", false)]
    [DataRow("https://ghcr.io:8443/v2/", false)]
    [DataRow("https://storage.ghcr.io/v2/", false)]
    [TestProperty("Catalogue", "31")]
    public void The_registrys_own_address_has_its_scheme_host_and_port(string uri, bool isOrigin) =>
        Assert.AreEqual(isOrigin, Address("ghcr.io").IsOrigin(new Uri(uri)));

    private static RepositoryAddress Address(string registry) => new(new ImageReference(registry, "acme/app"));
}

using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Authentication;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Tests.Registry.Authentication;

[TestClass]
public sealed class AccessScopesTests
{
    [TestMethod]
    [DataRow(RegistryAccess.Pull, null, "repository:app:pull")]
    [DataRow(RegistryAccess.Push, null, "repository:app:pull,push")]
    [DataRow(RegistryAccess.Push, "base/debian", "repository:app:pull,push repository:base/debian:pull")]
    [DataRow(RegistryAccess.Push, "app", "repository:app:pull,push")]
    public void The_pushed_repository_comes_before_the_one_that_is_mounted_from(RegistryAccess access, string? from, string expected) =>
        Assert.AreEqual(expected, string.Join(' ', AccessScopes.Of(Request(access, from)).Values));

    [TestMethod]
    [DataRow("repository:app:pull", "repository:app:pull")]
    [DataRow("repository:library/app:pull", "repository:app:pull repository:library/app:pull")]
    [DataRow("repository:app:pull,push", "repository:app:pull")]
    [DataRow("repository:app:*", "repository:app:pull")]
    [DataRow("repository:other:delete", "repository:app:pull")]
    [DataRow("registry:catalog:*", "repository:app:pull")]
    [DataRow("repository:host:5000/other:pull", "repository:app:pull repository:host:5000/other:pull")]
    [DataRow("repository: :: a:b:c repository:: repository", "repository:app:pull")]
    [DataRow("", "repository:app:pull")]
    [DataRow(null, "repository:app:pull")]
    public void A_challenge_widens_them_and_never_beyond_what_the_request_needs(string? challenged, string expected) =>
        Assert.AreEqual(expected, string.Join(' ', AccessScopes.Of(Request(RegistryAccess.Pull)).Widen(challenged, RegistryAccess.Pull).Values));

    [TestMethod]
    public void A_push_may_be_widened_to_another_push() =>
        Assert.AreEqual(
            "repository:app:pull,push repository:proxied/app:pull,push",
            string.Join(' ', AccessScopes.Of(Request(RegistryAccess.Push)).Widen("repository:proxied/app:push,pull,delete", RegistryAccess.Push).Values));

    [TestMethod]
    public void Their_order_does_not_make_another_token() =>
        Assert.AreEqual(
            AccessScopes.Of(Request(RegistryAccess.Pull)).Widen("repository:a:pull repository:b:pull", RegistryAccess.Pull).Key,
            AccessScopes.Of(Request(RegistryAccess.Pull)).Widen("repository:b:pull repository:a:pull", RegistryAccess.Pull).Key);

    private static RegistryRequest Request(RegistryAccess access, string? from = null)
    {
        var address = new RepositoryAddress(new ImageReference("ghcr.io", "app"));
        return new RegistryRequest(HttpMethod.Post, address.Uploads, address, "store a blob") { Access = access, MountFrom = from };
    }
}

using System.Text;
using MultiArch.Oci.Registry.Credentials;

namespace MultiArch.Oci.Tests.Registry.Credentials;

[TestClass]
public sealed class DockerConfigTests
{
    [TestMethod]
    [TestProperty("Catalogue", "63")]
    [DataRow("quay.io/acme/team/app", "acme/team/app")]
    [DataRow("quay.io/acme/team/other", "acme/team")]
    [DataRow("quay.io/acme/other", "acme")]
    [DataRow("quay.io/acmes/app", "host")]
    [DataRow("quay.io:443/acme/app", "port")]
    [DataRow("quay.io:8443/acme/app", null)]
    [DataRow("sub.quay.io/acme/app", null)]
    public void The_most_specific_key_wins_and_a_port_makes_another_registry(string image, string? user) => Assert.AreEqual(user, Find(
        CredentialMachine.Auths(new[] { "quay.io/acme", "quay.io/acme/team", "quay.io/acme/team/app" }
            .Select(key => (key, Entry(key["quay.io/".Length..])))
            .Append(("quay.io", Entry("host")))
            .Append(("quay.io:443", Entry("port")))),
        image)?.Username);

    [TestMethod]
    [DataRow("https://index.docker.io/v1/", "debian")]
    [DataRow("index.docker.io", "docker.io/acme/app")]
    [DataRow("docker.io", "acme/app")]
    [DataRow("registry-1.docker.io", "acme/app")]
    [DataRow("docker.io/acme", "acme/app")]
    [DataRow("https://ghcr.io", "ghcr.io/acme/app")]
    [DataRow("http://ghcr.io/v2/", "ghcr.io/acme/app")]
    [DataRow("https://ghcr.io/v1/", "ghcr.io/acme/app")]
    [DataRow("ghcr.io/", "ghcr.io/acme/app")]
    [DataRow("ghcr.io/v1/", "ghcr.io/acme/app")]
    [DataRow("GHCR.IO", "ghcr.io/acme/app")]
    public void A_registry_is_found_by_each_of_the_names_that_docker_and_podman_give_it(string key, string image) =>
        Assert.AreEqual("alice", Find(CredentialMachine.Login(key, "alice", "x"), image)?.Username);

    [TestMethod]
    public void What_is_written_as_it_is_looked_for_comes_before_what_means_the_same() =>
        Assert.AreEqual("new", Find(CredentialMachine.Auths(("https://ghcr.io/v1/", Entry("old")), ("ghcr.io", Entry("new"))), "ghcr.io/app")?.Username);

    [TestMethod]
    [TestProperty("Catalogue", "62")]
    [DataRow("alice", "pass:word:")]
    [DataRow("alice", "pässwörd€")]
    [DataRow("alice", "line\nbreak")]
    [DataRow("robot$app", "x")]
    public void A_password_may_hold_anything(string user, string password)
    {
        var credential = Find(CredentialMachine.Login("ghcr.io", user, password), "ghcr.io/app");

        Assert.AreEqual((user, password), (credential?.Username, credential?.Secret));
    }

    [TestMethod]
    [TestProperty("Catalogue", "62")]
    public void A_long_password_stays_whole_and_zeros_behind_it_do_not()
    {
        var password = new string('x', 200);

        Assert.AreEqual(password, Find(CredentialMachine.Login("ghcr.io", "alice", password + "\0\0"), "ghcr.io/app")?.Secret);
    }

    [TestMethod]
    public void An_identity_token_comes_before_the_login_beside_it()
    {
        var credential = Find("""{"auths":{"ghcr.io":{"auth":"YWxpY2U6","identitytoken":"refresh"}}}""", "ghcr.io/app");

        Assert.AreEqual((true, "refresh", ""), (credential?.IsIdentityToken, credential?.Secret, credential?.Username));
        Assert.IsTrue(Find(CredentialMachine.Login("ghcr.io", "<token>", "refresh"), "ghcr.io/app")?.IsIdentityToken);
    }

    [TestMethod]
    public void A_login_may_stand_in_clear() =>
        Assert.AreEqual("s3cret", Find("""{"auths":{"ghcr.io":{"username":"alice","password":"s3cret"}}}""", "ghcr.io/app")?.Secret);

    [TestMethod]
    [DataRow("{}")]
    [DataRow("""{"auths":null}""")]
    [DataRow("""{"auths":{}}""")]
    [DataRow("""{"auths":[]}""")]
    [DataRow("""{"auths":{"ghcr.io":{}}}""")]
    [DataRow("""{"auths":{"ghcr.io":null}}""")]
    [DataRow("""{"auths":{"ghcr.io":{"auth":""}}}""")]
    [DataRow("""{"auths":{"ghcr.io":{"auth":7}}}""")]
    [DataRow("""{"auths":{"docker.io":{"auth":"YTpi"}}}""")]
    public void What_says_nothing_of_a_registry_is_no_fault(string json) => Assert.IsNull(Find(json, "ghcr.io/app"));

    [TestMethod]
    [DataRow("not base64 s3cret")]
    [DataRow("czNjcmV0")] // no colon
    [DataRow("OnMzY3JldA==")] // no user
    [DataRow("YWxpY2U6")] // no password
    [DataRow("/////w==")] // no UTF-8
    public void A_login_that_cannot_be_read_is_told_without_it(string auth)
    {
        var exception = Assert.ThrowsExactly<FormatException>(() => Find(CredentialMachine.Auths(("ghcr.io", $"{{\"auth\":\"{auth}\"}}")), "ghcr.io/app"));

        StringAssert.Contains(exception.Message, "ghcr.io");
        Assert.DoesNotContain("s3cret", exception.Message);
        Assert.DoesNotContain(auth, exception.Message);
    }

    [TestMethod]
    [TestProperty("Catalogue", "60")]
    [DataRow("", "It is empty.")]
    [DataRow(" \r\n", "It is empty.")]
    [DataRow("\uFEFF{}", "byte order mark")]
    [DataRow("{\n\"auths\":\n", "no JSON from line 3 on")]
    [DataRow("[]", "It is no JSON object.")]
    [DataRow("\"s3cret\"", "It is no JSON object.")]
    [DataRow("s3cret", "no JSON from line 1 on")]
    public void A_file_that_is_none_says_why_without_a_word_of_it(string json, string reason)
    {
        var exception = Assert.ThrowsExactly<FormatException>(() => DockerConfig.Parse(Encoding.UTF8.GetBytes(json)));

        StringAssert.Contains(exception.Message, reason);
        Assert.DoesNotContain("s3cret", exception.Message);
    }

    [TestMethod]
    public void The_old_file_has_entries_and_nothing_around_them() =>
        Assert.AreEqual("alice", DockerConfig.Parse(
            Encoding.UTF8.GetBytes($"{{\"https://index.docker.io/v1/\":{Entry("alice")}}}"), isLegacy: true).Find(ImageReference.Parse("acme/app"), "")?.Username);

    [TestMethod]
    [TestProperty("Catalogue", "60")]
    public void Random_damage_gives_a_login_or_nothing_or_a_reason()
    {
        var auths = CredentialMachine.Member(("ghcr.io", Entry("alice")), ("https://index.docker.io/v1/", """{"identitytoken":"abc\u00e4"}"""));
        var whole = Encoding.UTF8.GetBytes("{" + auths + ""","credHelpers":{"gcr.io":"gcloud"},"credsStore":"pass"}""");
        var random = new Random(20_250_102);
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = (byte[])whole.Clone();
            for (var n = random.Next(1, 5); n > 0; n--)
            {
                damaged[random.Next(damaged.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : whole[random.Next(whole.Length)];
            }

            try
            {
                var config = DockerConfig.Parse(damaged.AsMemory(0, random.Next(4) == 0 ? random.Next(damaged.Length) : damaged.Length));
                foreach (var image in new[] { "ghcr.io/app", "acme/app", "gcr.io/app" })
                {
                    config.HelperFor(ImageReference.Parse(image).Registry);
                    config.Find(ImageReference.Parse(image), "the file");
                }
            }
            catch (FormatException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }
    }

    private static Credential? Find(string json, string image) => DockerConfig.Parse(Encoding.UTF8.GetBytes(json)).Find(ImageReference.Parse(image), "the file");

    private static string Entry(string user) => CredentialMachine.Entry(user);
}

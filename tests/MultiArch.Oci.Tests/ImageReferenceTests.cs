namespace MultiArch.Oci.Tests;

[TestClass]
public sealed class ImageReferenceTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [TestMethod]
    [DataRow("ubuntu", "docker.io", "library/ubuntu", "latest")]
    [DataRow("ubuntu:24.04", "docker.io", "library/ubuntu", "24.04")]
    [DataRow("user/app", "docker.io", "user/app", "latest")]
    [DataRow("a/b/c/d", "docker.io", "a/b/c/d", "latest")]
    [DataRow("docker.io/x", "docker.io", "library/x", "latest")]
    [DataRow("docker.io/user/x", "docker.io", "user/x", "latest")]
    [DataRow("index.docker.io/x", "docker.io", "library/x", "latest")]
    [DataRow("index.docker.io/user/x:1", "docker.io", "user/x", "1")]
    [DataRow("localhost/x", "localhost", "x", "latest")]
    [DataRow("localhost:5000/x", "localhost:5000", "x", "latest")]
    [DataRow("localhost:5000/x:1", "localhost:5000", "x", "1")]
    [DataRow("localhost:5000", "docker.io", "library/localhost", "5000")]
    [DataRow("ghcr.io", "docker.io", "library/ghcr.io", "latest")]
    [DataRow("ghcr.io/a", "ghcr.io", "a", "latest")]
    [DataRow("Registry/a", "Registry", "a", "latest")]
    [DataRow("GHCR.io/a/b", "GHCR.io", "a/b", "latest")]
    [DataRow("10.0.0.1/a", "10.0.0.1", "a", "latest")]
    [DataRow("[::1]/a", "[::1]", "a", "latest")]
    [DataRow("[2001:db8::1]:5000/a/b:v1", "[2001:db8::1]:5000", "a/b", "v1")]
    [DataRow("mcr.microsoft.com/dotnet/aspnet:10.0", "mcr.microsoft.com", "dotnet/aspnet", "10.0")]
    [DataRow("r.io/a__b/c-d---e/f.g_h", "r.io", "a__b/c-d---e/f.g_h", "latest")]
    [DataRow("r.io/a:UPPER_case.1-2", "r.io", "a", "UPPER_case.1-2")]
    public void What_is_left_out_is_filled_in_by_Docker_Hubs_rules(string text, string registry, string repository, string tag)
    {
        var reference = ImageReference.Parse(text);

        Assert.AreEqual(new ImageReference(registry, repository, tag), reference);
        Assert.AreEqual($"{registry}/{repository}:{tag}", reference.ToString());
        Assert.AreEqual($"{registry}/{repository}", reference.Name);
        Assert.AreEqual(tag, reference.Reference);
    }

    [TestMethod]
    [DataRow($"ghcr.io/a/b:tag@sha256:{Hex}", "ghcr.io", "a/b", "tag", $"ghcr.io/a/b:tag@sha256:{Hex}")]
    [DataRow($"ghcr.io/a/b@sha256:{Hex}", "ghcr.io", "a/b", null, $"ghcr.io/a/b@sha256:{Hex}")]
    [DataRow($"ubuntu@sha256:{Hex}", "docker.io", "library/ubuntu", null, $"docker.io/library/ubuntu@sha256:{Hex}")]
    [DataRow($"localhost:5000/a@sha256:{Hex}", "localhost:5000", "a", null, $"localhost:5000/a@sha256:{Hex}")]
    public void A_digest_is_what_is_asked_for_whatever_the_tag_says(string text, string registry, string repository, string? tag, string whole)
    {
        var reference = ImageReference.Parse(text);

        Assert.AreEqual(new ImageReference(registry, repository, tag, Digest.Parse($"sha256:{Hex}")), reference);
        Assert.AreEqual($"sha256:{Hex}", reference.Reference);
        Assert.AreEqual(whole, reference.ToString());
        Assert.AreEqual(reference, ImageReference.Parse(whole));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(" ")]
    [DataRow("/")]
    [DataRow("/a")]
    [DataRow("a/")]
    [DataRow("a//b")]
    [DataRow(":")]
    [DataRow(":tag")]
    [DataRow("a:")]
    [DataRow("@")]
    [DataRow("a@")]
    [DataRow("a:b:c")]
    [DataRow("a:b/c:d:e")]
    [DataRow("Ubuntu")]
    [DataRow("user/App")]
    [DataRow("ghcr.io/Acme/app")]
    [DataRow("ghcr.io/")]
    [DataRow("ghcr.io/a ")]
    [DataRow(" ghcr.io/a")]
    [DataRow("ubuntu\n")]
    [DataRow("ubuntu:tag\n")]
    [DataRow("ghcr.io\n/a")]
    [DataRow("a\0b")]
    [DataRow("a:.b")]
    [DataRow("a:-b")]
    [DataRow("a:b+c")]
    [DataRow("a:ü")]
    [DataRow("ü/a")]
    [DataRow("a...b")]
    [DataRow("a___b")]
    [DataRow("a._b")]
    [DataRow("-a")]
    [DataRow("a-")]
    [DataRow("_a")]
    [DataRow("a/../b")]
    [DataRow("../a")]
    [DataRow("r.io/.")]
    [DataRow("-r.io/a")]
    [DataRow("r-.io/a")]
    [DataRow("r..io/a")]
    [DataRow("r_x.io/a")]
    [DataRow("r.io:/a")]
    [DataRow("r.io:port/a")]
    [DataRow("r.io:123456/a")]
    [DataRow("r.io:5000:5000/a")]
    [DataRow("user@r.io/a")]
    [DataRow("https://r.io/a")]
    [DataRow("::1/a")]
    [DataRow("[::1/a")]
    [DataRow("[::g]/a")]
    [DataRow("[fe80::1%eth0]/a")]
    [DataRow("a@sha256:abc")]
    [DataRow($"a@sha512:{Hex}")]
    [DataRow("a@sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [DataRow($"a@sha256:{Hex}\n")]
    [DataRow($"a@sha256:{Hex}@sha256:{Hex}")]
    [DataRow($"a@sha256:{Hex}:tag")]
    [DataRow($"@sha256:{Hex}")]
    public void What_is_no_reference_is_refused_with_a_reason(string text)
    {
        var error = Assert.ThrowsExactly<FormatException>(() => ImageReference.Parse(text));

        Assert.IsGreaterThan(10, error.Message.Length);
    }

    [TestMethod]
    [DataRow(128, true)]
    [DataRow(129, false)]
    public void A_tag_has_up_to_128_characters(int length, bool isTag)
    {
        Assert.AreEqual(isTag, ImageReference.IsTag(new string('a', length)));
        Assert.AreEqual(isTag, Parses($"a:{new string('a', length)}"));
    }

    [TestMethod]
    [DataRow(255, true)]
    [DataRow(256, false)]
    public void Registry_and_repository_have_up_to_255_characters_together(int length, bool parses)
    {
        var name = $"r.io/{new string('a', length - "r.io/".Length)}";

        Assert.AreEqual(parses, Parses(name));
        Assert.AreEqual(parses, Parses($"{name}:tag"), "the tag does not count");
    }

    [TestMethod]
    public void What_is_left_out_counts_towards_255_characters() =>
        Assert.IsFalse(Parses(new string('a', 255 - "docker.io/library/".Length + 1)));

    [TestMethod]
    [Timeout(10_000, CooperativeCancellation = false)]
    [DataRow("a")]
    [DataRow("a-")]
    [DataRow("a.")]
    [DataRow("a/")]
    [DataRow("1")]
    public void A_long_name_that_fails_at_its_end_is_refused_at_once(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 50_000));

        Assert.IsFalse(ImageReference.IsRepository(text + "!"));
        Assert.IsFalse(ImageReference.IsTag(text + "!"));
        Assert.IsFalse(Parses($"{text}!"));
    }

    private static bool Parses(string text)
    {
        try
        {
            ImageReference.Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

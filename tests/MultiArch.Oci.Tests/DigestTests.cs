namespace MultiArch.Oci.Tests;

[TestClass]
public sealed class DigestTests
{
    [TestMethod]
    public void The_digest_of_nothing_is_the_one_everyone_knows() =>
        Assert.AreEqual("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Digest.Of([]).ToString());

    [TestMethod]
    [DataRow(null)]
    [DataRow("")]
    [DataRow("sha256:")]
    [DataRow("sha256:../../etc/passwd")]
    [DataRow("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [DataRow("sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [DataRow("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555")]
    [DataRow("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n")]
    [TestProperty("Catalogue", "82")]
    public void What_is_no_lower_case_sha256_digest_is_refused(string? text) => Assert.IsFalse(Digest.TryParse(text, out _));
}

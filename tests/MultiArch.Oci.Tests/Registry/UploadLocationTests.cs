using MultiArch.Oci.Registry.Uploads;

namespace MultiArch.Oci.Tests.Registry;

[TestClass]
public sealed class UploadLocationTests
{
    private static readonly Digest Digest = Digest.Of([]);

    [TestMethod]
    [DataRow("https://ghcr.io/v2/x/1", "?")]
    [DataRow("https://ghcr.io/v2/x/1?", "")]
    [DataRow("https://ghcr.io/v2/x/1?_state=a%2Bb%3D%3D", "&")]
    public void The_digest_joins_whatever_query_is_there(string session, string separator) =>
        Assert.AreEqual($"{session}{separator}digest=sha256%3A{Digest.Hex}", UploadLocation.WithDigest(new Uri(session), Digest).AbsoluteUri);

    [TestMethod]
    [TestProperty("Catalogue", "27")]
    public void The_sessions_own_query_stays_as_it_was_written()
    {
        var session = new Uri("https://ghcr.io/v2/x/1?_state=%7e|", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

        StringAssert.StartsWith(UploadLocation.WithDigest(session, Digest).Query, "?_state=%7e|&digest=");
    }
}

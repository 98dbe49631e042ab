using System.Text;
using MultiArch.Oci.Registry.Authentication;
using MultiArch.Oci.Tests.Publishing;

namespace MultiArch.Oci.Tests.Registry.Authentication;

[TestClass]
public sealed class AccessTokenTests
{
    [TestMethod]
    [TestProperty("Catalogue", "66")]
    [DataRow("""{"token":"a"}""", "a")]
    [DataRow("""{"access_token":"a"}""", "a")]
    [DataRow("""{"token":"a","access_token":"b"}""", "a")]
    [DataRow("""{"token":"","access_token":"b"}""", "b")]
    [DataRow("""{"token":null,"access_token":"b"}""", "b")]
    [DataRow("""{"token":7}""", null)]
    [DataRow("{}", null)]
    [DataRow("[]", null)]
    [DataRow("null", null)]
    [DataRow("", null)]
    [DataRow("token", null)]
    [DataRow("""{"token":"a b"}""", null)]
    [DataRow("""{"token":"a\r\nX-Header: b"}""", null)]
    [DataRow("""{"token":"\ud800"}""", null)]
    public void An_answer_holds_a_token_by_either_name_or_none(string answer, string? token) =>
        Assert.AreEqual(token, AccessToken.Parse(Encoding.UTF8.GetBytes(answer), 0)?.Value);

    [TestMethod]
    [TestProperty("Catalogue", "67")]
    [DataRow("", 60)]
    [DataRow(""","expires_in":0""", 60)]
    [DataRow(""","expires_in":-5""", 60)]
    [DataRow(""","expires_in":1""", 60)]
    [DataRow(""","expires_in":"900" """, 60)]
    [DataRow(""","expires_in":null""", 60)]
    [DataRow(""","expires_in":300""", 300)]
    [DataRow(""","expires_in":300,"issued_at":"1999-01-01T00:00:00Z" """, 300)]
    [DataRow(""","expires_in":300,"issued_at":"2999-01-01T00:00:00Z" """, 300)]
    [DataRow(""","expires_in":1e300""", 86_400)]
    [DataRow(""","expires_in":1e400""", 86_400)]
    public void It_lives_a_minute_at_least_by_our_own_clock_and_is_renewed_shortly_before_its_end(string life, int seconds)
    {
        var time = new ManualTime();
        time.Advance(TimeSpan.FromHours(1));
        var token = AccessToken.Parse(Encoding.UTF8.GetBytes($$"""{"token":"a"{{life}}}"""), time.GetTimestamp());

        Assert.IsNotNull(token);
        time.Advance(TimeSpan.FromSeconds(seconds - 11));
        Assert.IsTrue(token.IsFresh(time));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsFalse(token.IsFresh(time));
    }

    [TestMethod]
    [TestProperty("Catalogue", "76")]
    public void It_has_no_text_of_its_own() =>
        Assert.DoesNotContain("s3cret", AccessToken.Parse("""{"token":"s3cret"}"""u8.ToArray(), 0)!.ToString()!);
}

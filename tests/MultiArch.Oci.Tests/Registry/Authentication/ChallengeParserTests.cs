using System.Text;
using MultiArch.Oci.Registry.Authentication;

namespace MultiArch.Oci.Tests.Registry.Authentication;

[TestClass]
public sealed class ChallengeParserTests
{
    private const string DockerHub = """Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/debian:pull" """;

    [TestMethod]
    public void A_challenge_is_a_scheme_and_its_parameters()
    {
        var challenge = Single(DockerHub);

        Assert.IsTrue(challenge.IsBearer);
        Assert.AreEqual("https://auth.docker.io/token", challenge["realm"]);
        Assert.AreEqual("registry.docker.io", challenge["Service"]);
        Assert.AreEqual("repository:library/debian:pull", challenge["SCOPE"]);
        Assert.IsNull(challenge["error"]);
    }

    [TestMethod]
    [TestProperty("Catalogue", "64")]
    [DataRow("Negotiate|Basic realm=\"a\"|Bearer realm=\"https://b\"", "Bearer")]
    [DataRow("Negotiate, Basic realm=\"a\", Bearer realm=\"https://b\",service=\"c\"", "Bearer")]
    [DataRow("Negotiate YIIJvwYGKwYBBQUCoIIJ==, NTLM, BASIC realm=\"Sonatype Nexus Repository Manager\"", "BASIC")]
    [DataRow("Basic realm=\"a\", bearer realm=https://b", "bearer")]
    [DataRow("Digest realm=\"a, Basic b\", nonce=\"c\", basic", "basic")]
    [DataRow("Bearer, Basic realm=\"a\"", "Basic")]
    [DataRow(",, Basic , ,", "Basic")]
    [DataRow("Negotiate, NTLM, Digest realm=\"a\"", null)]
    [DataRow("", null)]
    public void Of_several_challenges_in_one_header_or_many_a_token_comes_before_a_password(string headers, string? scheme) =>
        Assert.AreEqual(scheme, Challenge.Preferred(ChallengeParser.Parse(headers.Split('|')))?.Scheme);

    [TestMethod]
    [DataRow("""Bearer realm="a\"b\\c,d" """, "a\"b\\c,d")]
    [DataRow("""Bearer realm = "a b" """, "a b")]
    [DataRow("Bearer\trealm\t=\ta", "a")]
    [DataRow("""Bearer realm="" """, "")]
    [DataRow("""Bearer realm="ä" """, "ä")]
    public void A_value_is_a_word_or_quoted(string header, string realm) => Assert.AreEqual(realm, Single(header)["realm"]);

    [TestMethod]
    [TestProperty("Catalogue", "65")]
    [DataRow("Bearer", null)]
    [DataRow("Bearer realm", null)]
    [DataRow("Bearer realm=", null)] // By its form not a parameter but one value, as Negotiate has.
    [DataRow("Bearer realm=\"https://auth.example/token", null)]
    [DataRow("Bearer realm=\"https://auth.example/token\\", null)]
    [DataRow("Bearer service=\"a\" realm=\"https://b\"", null)]
    [DataRow("Bearer realm=\"first\",realm=\"second\"", "first")]
    [DataRow("Bearer realm=\"first\",Realm=\"second\"", "first")]
    [DataRow("Bearer =\"a\",realm=\"b\"", null)]
    [DataRow("Bearer realm=\"a\"garbage", "a")]
    [DataRow("Bearer realm=a\u0001b", "a")]
    public void What_is_malformed_gives_no_more_than_what_came_before_it(string header, string? realm) =>
        Assert.AreEqual(realm, Single(header)["realm"]);

    [TestMethod]
    [TestProperty("Catalogue", "65")]
    [DataRow("=")]
    [DataRow("\"")]
    [DataRow("\0\u0001")]
    [DataRow("realm=\"a\"")]
    [DataRow("(Bearer)")]
    public void What_begins_with_no_scheme_is_no_challenge(string header) => Assert.IsEmpty(ChallengeParser.Parse([header]));

    [TestMethod, Timeout(10_000, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "65")]
    [DataRow(",")]
    [DataRow("Bearer ")]
    [DataRow("Basic a=\"b\",")]
    [DataRow("a=b,")]
    [DataRow("=")]
    [DataRow("\\\"")]
    public void A_megabyte_takes_one_pass(string part)
    {
        var header = new StringBuilder("Bearer realm=\"");
        header.Insert(header.Length, part, 1024 * 1024 / part.Length);

        ChallengeParser.Parse([header.ToString(), header.ToString("Bearer realm=\"".Length, header.Length - "Bearer realm=\"".Length)]);
    }

    [TestMethod]
    [TestProperty("Catalogue", "65")]
    public void Random_damage_never_throws_and_never_invents_a_realm()
    {
        var random = new Random(20_250_101);
        for (var i = 0; i < 20_000; i++)
        {
            var header = Damage(DockerHub, random);

            foreach (var challenge in ChallengeParser.Parse([header]))
            {
                Assert.IsFalse(challenge.Scheme.AsSpan().ContainsAny(" ,=\""), header);
                Assert.IsTrue(challenge.Parameters.Values.All(value => IsWithin(value, header)), header);
            }
        }
    }

    private static Challenge Single(string header) => Assert.ContainsSingle(ChallengeParser.Parse([header]));

    /// <summary>Whether a value stands in the header, but for the backslashes that quote.</summary>
    private static bool IsWithin(string value, string header) =>
        header.Replace("\\", "", StringComparison.Ordinal).Contains(value.Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);

    private static string Damage(string text, Random random)
    {
        const string Alphabet = "\"\\,= \t\0aZ:/\u00e4\u2028%;";
        var damaged = new StringBuilder(text);
        for (var i = random.Next(1, 6); i > 0 && damaged.Length > 0; i--)
        {
            var at = random.Next(damaged.Length);
            switch (random.Next(4))
            {
                case 0:
                    damaged.Remove(at, random.Next(1, damaged.Length - at + 1));
                    break;
                case 1:
                    damaged[at] = Alphabet[random.Next(Alphabet.Length)];
                    break;
                case 2:
                    damaged.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                    break;
                default:
                    damaged.Insert(at, damaged.ToString(at, random.Next(1, damaged.Length - at + 1)));
                    break;
            }
        }

        return damaged.ToString();
    }
}

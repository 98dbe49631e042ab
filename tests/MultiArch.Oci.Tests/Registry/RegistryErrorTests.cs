using System.Text;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Tests.Registry;

[TestClass]
public sealed class RegistryErrorTests
{
    [TestMethod]
    [DataRow("""{"errors":[{"code":"NAME_INVALID","message":"invalid repository name","detail":{"a":1}}]}""", "NAME_INVALID: invalid repository name")]
    [DataRow("""{"errors":[{"code":"DENIED"}]}""", "DENIED")]
    [DataRow("""{"errors":[{"message":"no"}]}""", "no")]
    [DataRow("""{"errors":[{"code":7,"message":null},{"code":"UNKNOWN","message":"later"}]}""", "UNKNOWN: later")]
    [DataRow("""{"errors":["just text"]}""", "just text")]
    [DataRow("""{"errors":[{"code":"A"},{"code":"B"},{"code":"C"},{"code":"D"}]}""", "A; B; C")]
    [DataRow("""{"details":"incorrect username or password"}""", "incorrect username or password")]
    [DataRow("""{"message":"Not Found"}""", "Not Found")]
    [DataRow("""{"errors":{}}""", "")]
    [DataRow("""{"errors":[{"code":"\ud800"}]}""", "")]
    [DataRow("""["x"]""", "")]
    [DataRow("""{"errors":[{"code":""", "")]
    [DataRow("", "")]
    public void What_a_registry_says_is_read_as_far_as_it_can_be(string body, string expected) =>
        Assert.AreEqual(expected, string.Join("; ", RegistryError.Decode(Encoding.UTF8.GetBytes(body), "application/json")));

    [TestMethod]
    public void Plain_text_is_taken_as_it_is() =>
        Assert.AreEqual("404 page not found", RegistryError.Decode("404 page not found\n"u8.ToArray(), "text/plain").Single().ToString());

    [TestMethod]
    public void A_page_for_people_says_nothing() =>
        Assert.IsEmpty(RegistryError.Decode("<html><body>Welcome</body></html>"u8.ToArray(), "text/html"));

    [TestMethod]
    public void Bytes_that_are_no_text_say_nothing() =>
        Assert.IsEmpty(RegistryError.Decode(new byte[] { 0x80, 0xFF, 0x00 }, "application/json"));
}

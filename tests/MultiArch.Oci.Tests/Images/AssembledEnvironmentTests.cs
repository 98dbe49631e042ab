using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;

namespace MultiArch.Oci.Tests.Images;

[TestClass]
public sealed class AssembledEnvironmentTests
{
    [TestMethod]
    public void A_variable_replaces_the_bases_where_it_stands_and_a_new_one_comes_last()
    {
        var config = Assemble(""" "Env":["PATH=/bin","A=1","B=2"] """, [new("C", "3"), new("A", "9"), new("C", "4")]);

        CollectionAssert.AreEqual(new[] { "PATH=/bin", "A=9", "B=2", "C=4" }, config.Env!.ToArray());
    }

    [TestMethod]
    public void A_name_that_the_base_has_twice_is_written_once_with_its_last_value()
    {
        var config = Assemble(""" "Env":["A=1","B=2","A=3"] """, []);

        CollectionAssert.AreEqual(new[] { "A=3", "B=2" }, config.Env!.ToArray());
    }

    [TestMethod]
    public void Names_differ_by_case()
    {
        var config = Assemble(""" "Env":["path=1"] """, [new("PATH", "2")]);

        CollectionAssert.AreEqual(new[] { "path=1", "PATH=2" }, config.Env!.ToArray());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("http://host:80/?a=b&c=d;e,f")]
    [DataRow("=")]
    [DataRow("100%")]
    [DataRow("$PATH:${HOME}:$(x)")]
    [DataRow("\"double\" 'single' `back`")]
    [DataRow(" spaces  at both ends ")]
    [DataRow("line\nbreak\r\n\ttab")]
    [DataRow("back\\slash")]
    [DataRow("Grüße 日本 🙂")]
    public void A_value_arrives_as_it_was_written(string value)
    {
        var config = Assemble(""" "Env":["A=old"] """, [new("A", value), new("B", value)]);

        CollectionAssert.AreEqual(new[] { $"A={value}", $"B={value}" }, config.Env!.ToArray());
    }

    [TestMethod]
    public void A_base_entry_without_equals_sign_has_an_empty_value()
    {
        var config = Assemble(""" "Env":["A","=odd","B="] """, []);

        CollectionAssert.AreEqual(new[] { "A=", "=odd", "B=" }, config.Env!.ToArray());
    }

    [TestMethod]
    [DataRow(""" "Env":["APP_UID=1654"],"User":"root" """, null, "1654")]
    [DataRow(""" "Env":["APP_UID=1654"] """, "0", "0")]
    [DataRow(""" "User":"nobody:nogroup" """, null, "nobody:nogroup")]
    [DataRow(""" "User":"nobody" """, "me", "me")]
    [DataRow(""" "Env":[] """, null, null)]
    public void The_users_own_user_wins_then_APP_UID_then_the_bases(string container, string? user, string? expected) =>
        Assert.AreEqual(expected, Assemble(container, [], user).User);

    [TestMethod]
    [DataRow(""" "Env":["ASPNETCORE_HTTP_PORTS=8080"] """, "ASPNETCORE_HTTP_PORTS", "5000;5001", "5000/tcp 5001/tcp")]
    [DataRow(""" "Env":["ASPNETCORE_HTTP_PORTS=8080"] """, "ASPNETCORE_URLS", "https://+:8443", "8443/tcp")]
    [DataRow(""" "Env":["ASPNETCORE_HTTP_PORTS=8080"],"ExposedPorts":{"22/tcp":{},"8080/tcp":{}} """, "X", "y", "22/tcp 8080/tcp")]
    [DataRow(""" "ExposedPorts":{"22/tcp":null} """, "X", "y", "22/tcp")]
    public void Ports_follow_from_the_merged_environment_beside_those_of_the_base(string container, string name, string value, string ports) =>
        Assert.AreEqual(ports, string.Join(' ', Assemble(container, [new(name, value)]).ExposedPorts!.Keys));

    private static ContainerConfig Assemble(string container, KeyValuePair<string, string>[] environment, string? user = null)
    {
        var plan = Sample.Plan(Sample.Settings with { Environment = environment, User = user });
        var image = ImageAssembler.Assemble(Sample.BaseWith(container), plan, [Sample.Layer('1')], ImageFormat.Oci);
        return ImageConfig.Parse(image.Config.Bytes.Span).Config!;
    }
}

namespace MultiArch.Oci.Tests;

[TestClass]
public sealed class OneLineTests
{
    [TestMethod]
    [DataRow(null, "")]
    [DataRow("  plain  text ", "plain text")]
    [DataRow("two\r\nlines\u2028three", "two lines three")]
    [DataRow("\u001b[31mred\u0000", "[31mred")]
    [DataRow("a\u202Eb\u200Bc", "a b c")]
    [DataRow("größe", "größe")]
    [DataRow("denied ##vso[task.setvariable variable=PATH]/tmp", "denied # #vso[task.setvariable variable=PATH]/tmp")]
    [DataRow("##VSO[task.complete]", "# #VSO[task.complete]")]
    public void Text_from_elsewhere_stays_on_one_visible_line(string? text, string expected) => Assert.AreEqual(expected, OneLine.Of(text));

    [TestMethod]
    [DataRow("a ##vso[task.setvariable variable=PATH]/tmp", "a # #vso[task.setvariable variable=PATH]/tmp")]
    [DataRow("###\u200bVSO[x]", "### VSO[x]")]
    [DataRow("###VSO[x] ##[add-mask]a ##teamcity[x]", "## #VSO[x] # #[add-mask]a # #teamcity[x]")]
    [DataRow("## heading", "## heading")]
    public void What_an_agent_of_CI_takes_for_a_command_is_none(string text, string expected) => Assert.AreEqual(expected, OneLine.Of(text));

    [TestMethod]
    public void The_query_of_an_address_is_masked() =>
        Assert.AreEqual(
            "Get \"https://storage.example/p?…\": timeout (why? who knows)",
            OneLine.Of("Get \"https://storage.example/p?X-Amz-Signature=secret&x=1\": timeout (why? who knows)"));

    [TestMethod]
    [DataRow("Permission denied", "Permission denied.")]
    [DataRow("No space left on device : '/a'", "No space left on device : '/a'.")]
    [DataRow("It is no\nJSON..", "It is no JSON.")]
    [DataRow("Access is denied.\r\n", "Access is denied.")]
    public void The_systems_words_end_in_one_full_stop(string text, string expected) => Assert.AreEqual(expected, OneLine.Sentence(text));

    [TestMethod]
    public void Long_text_is_cut() => Assert.AreEqual(301, OneLine.Of(new string('a', 10_000)).Length);
}

using MultiArch.Oci;
using MultiArch.Oci.Verification;

namespace MultiArch.Build.Tests;

[TestClass]
public sealed class VerifySettingsTests
{
    [TestMethod]
    [DataRow("", VerificationPolicy.BySeverity)]
    [DataRow("error", VerificationPolicy.Error)]
    [DataRow("Warn", VerificationPolicy.Warn)]
    [DataRow("OFF", VerificationPolicy.Off)]
    public void A_policy_is_read(string text, VerificationPolicy policy) => Assert.AreEqual(policy, VerifySettings.Parse(text));

    [TestMethod]
    [DataRow("true")]
    [DataRow("errors")]
    [DataRow("warn\nerror")]
    public void Anything_else_is_named_in_one_line(string text)
    {
        var error = Assert.ThrowsExactly<MultiArchException>(() => VerifySettings.Parse(text));

        Assert.AreEqual(DiagnosticCodes.InvalidVerify, error.Code);
        Assert.Contains($"MultiArchVerify '{OneLine.Of(text)}'", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [TestMethod]
    [DataRow("", true)]
    [DataRow("True", true)]
    [DataRow("false", false)]
    public void The_base_is_read_unless_it_says_false(string text, bool reads) => Assert.AreEqual(reads, VerifySettings.ParseBase(text));

    [TestMethod]
    public void A_word_that_is_neither_true_nor_false_is_named() =>
        Assert.Contains("MultiArchVerifyBase 'no'", Assert.ThrowsExactly<MultiArchException>(() => VerifySettings.ParseBase("no")).Message);
}

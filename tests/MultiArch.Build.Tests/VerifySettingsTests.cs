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
}

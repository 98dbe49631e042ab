namespace MultiArch.Oci.Tests;

[TestClass]
public sealed class RuntimeIdentifiersTests
{
    [TestMethod]
    [DataRow("linux-x64", "linux/amd64")]
    [DataRow("linux-musl-x64", "linux/amd64")]
    [DataRow("linux-arm64", "linux/arm64")]
    [DataRow("linux-musl-arm64", "linux/arm64")]
    [DataRow("linux-arm", "linux/arm/v7")]
    [DataRow("linux-musl-arm", "linux/arm/v7")]
    [DataRow("linux-x86", "linux/386")]
    [DataRow("linux-riscv64", "linux/riscv64")]
    [DataRow("linux-musl-riscv64", "linux/riscv64")]
    [DataRow("linux-s390x", "linux/s390x")]
    [DataRow("linux-ppc64le", "linux/ppc64le")]
    [DataRow("linux-loongarch64", "linux/loong64")]
    [DataRow("linux-musl-loongarch64", "linux/loong64")]
    public void A_RuntimeIdentifier_names_a_platform(string runtimeIdentifier, string platform) =>
        Assert.AreEqual(platform, RuntimeIdentifiers.ToPlatform(runtimeIdentifier).ToString());

    [TestMethod]
    public void Every_known_RuntimeIdentifier_names_a_platform_in_its_normal_form()
    {
        foreach (var runtimeIdentifier in RuntimeIdentifiers.Known)
        {
            var platform = RuntimeIdentifiers.ToPlatform(runtimeIdentifier);
            Assert.AreEqual(platform.Normalize(), platform, runtimeIdentifier);
        }
    }

    [TestMethod]
    public void The_known_RuntimeIdentifiers_are_in_ordinal_order() =>
        CollectionAssert.AreEqual(RuntimeIdentifiers.Known.Order(StringComparer.Ordinal).ToList(), RuntimeIdentifiers.Known.ToList());

    [TestMethod]
    [DataRow("")]
    [DataRow("linux")]
    [DataRow("Linux-x64")]
    [DataRow("linux-x64 ")]
    [DataRow("linux-x64\n")]
    [DataRow("linux-amd64")]
    [DataRow("win-x64")]
    [DataRow("osx-arm64")]
    [DataRow("ubuntu.22.04-x64")]
    public void Any_other_is_refused_with_those_that_are_known(string runtimeIdentifier)
    {
        var error = Assert.ThrowsExactly<MultiArchException>(() => RuntimeIdentifiers.ToPlatform(runtimeIdentifier));

        Assert.AreEqual(DiagnosticCodes.UnknownRuntimeIdentifier, error.Code);
        Assert.Contains($"'{runtimeIdentifier}'", error.Message);
        Assert.Contains("linux-arm64, linux-loongarch64", error.Message);
    }
}

namespace MultiArch.Oci.Tests;

[TestClass]
public sealed class PlatformTests
{
    [TestMethod]
    [DataRow("linux/amd64", "linux", "amd64", null)]
    [DataRow("linux/arm/v7", "linux", "arm", "v7")]
    [DataRow("linux/arm64/v8", "linux", "arm64", "v8")]
    [DataRow("Linux/AMD64", "Linux", "AMD64", null)]
    public void A_platform_is_read_and_written_as_it_stands(string text, string os, string architecture, string? variant)
    {
        var platform = Platform.Parse(text);

        Assert.AreEqual(new Platform(architecture, os, variant), platform);
        Assert.AreEqual(text, platform.ToString());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("linux")]
    [DataRow("/")]
    [DataRow("linux/")]
    [DataRow("/amd64")]
    [DataRow("linux/arm/")]
    [DataRow("linux/arm/v7/")]
    [DataRow("linux/arm/v7/x")]
    public void What_is_no_platform_is_refused(string text) => Assert.ThrowsExactly<FormatException>(() => Platform.Parse(text));

    // containerd's platforms package, normalizeArch: its table, row by row.
    [TestMethod]
    [DataRow("i386", null, "386", null)]
    [DataRow("i386", "v7", "386", null)]
    [DataRow("386", null, "386", null)]
    [DataRow("x86_64", null, "amd64", null)]
    [DataRow("x86_64", "", "amd64", null)]
    [DataRow("x86-64", null, "amd64", null)]
    [DataRow("x86-64", "v2", "amd64", "v2")]
    [DataRow("X86_64", "V1", "amd64", null)]
    [DataRow("amd64", "", "amd64", null)]
    [DataRow("amd64", "v1", "amd64", null)]
    [DataRow("amd64", "v3", "amd64", "v3")]
    [DataRow("aarch64", null, "arm64", null)]
    [DataRow("aarch64", "", "arm64", null)]
    [DataRow("aarch64", "8", "arm64", null)]
    [DataRow("arm64", "8", "arm64", null)]
    [DataRow("arm64", "v8", "arm64", null)]
    [DataRow("arm64", "v8.0", "arm64", null)]
    [DataRow("arm64", "v8.2", "arm64", "v8.2")]
    [DataRow("arm64", "9", "arm64", "v9")]
    [DataRow("arm64", "9.0", "arm64", "v9")]
    [DataRow("arm64", "v9.0", "arm64", "v9")]
    [DataRow("aarch64", "v9.0", "arm64", "v9")]
    [DataRow("arm64", "v9", "arm64", "v9")]
    [DataRow("armhf", null, "arm", "v7")]
    [DataRow("armhf", "v6", "arm", "v7")]
    [DataRow("armel", null, "arm", "v6")]
    [DataRow("arm", null, "arm", "v7")]
    [DataRow("arm", "", "arm", "v7")]
    [DataRow("arm", "7", "arm", "v7")]
    [DataRow("arm", "v7", "arm", "v7")]
    [DataRow("ARM", "V7", "arm", "v7")]
    [DataRow("arm", "5", "arm", "v5")]
    [DataRow("arm", "6", "arm", "v6")]
    [DataRow("arm", "8", "arm", "v8")]
    [DataRow("arm", "v6", "arm", "v6")]
    [DataRow("riscv64", null, "riscv64", null)]
    [DataRow("riscv64", "", "riscv64", null)]
    [DataRow("s390x", null, "s390x", null)]
    public void Each_spelling_of_an_architecture_has_one_normal_form(string architecture, string? variant, string normalArchitecture, string? normalVariant)
    {
        var normal = new Platform(architecture, "Linux", variant).Normalize();

        Assert.AreEqual(new Platform(normalArchitecture, "linux", normalVariant), normal);
        Assert.AreEqual(normal, normal.Normalize(), "a normal form is its own");
    }

    [TestMethod]
    [DataRow("linux/arm64", "linux/arm64/v8", true)]
    [DataRow("linux/aarch64", "linux/arm64", true)]
    [DataRow("linux/arm", "linux/arm/v7", true)]
    [DataRow("linux/arm/v6", "linux/arm/v7", false)]
    [DataRow("linux/arm64", "linux/arm64/v9", false)]
    [DataRow("linux/amd64", "linux/amd64/v2", false)]
    [DataRow("linux/amd64", "windows/amd64", false)]
    [DataRow("linux/amd64", "linux/arm64", false)]
    public void Two_platforms_are_the_same_when_their_normal_forms_are(string left, string right, bool areSame)
    {
        Assert.AreEqual(areSame, Platform.Parse(left).IsSameAs(Platform.Parse(right)));
        Assert.AreEqual(areSame, Platform.Parse(right).IsSameAs(Platform.Parse(left)));
    }

    [TestMethod]
    public void The_version_of_the_operating_system_does_not_part_two_platforms() =>
        Assert.IsTrue(new Platform("amd64", "windows", OSVersion: "10.0.1").IsSameAs(new Platform("amd64", "windows", OSVersion: "10.0.2")));

    [TestMethod]
    public void Normalizing_keeps_the_version_of_the_operating_system() =>
        Assert.AreEqual("10.0.1", new Platform("amd64", "windows", OSVersion: "10.0.1").Normalize().OSVersion);
}

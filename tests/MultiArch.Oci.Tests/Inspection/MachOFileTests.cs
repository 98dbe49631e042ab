using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Tests.Inspection;

[TestClass]
public sealed class MachOFileTests
{
    [TestMethod]
    [DataRow("CFFAEDFE0C000001", "arm64")]
    [DataRow("CFFAEDFE07000001", "x86_64")]
    [DataRow("CEFAEDFE07000000", "i386")]
    [DataRow("FEEDFACF01000012", "ppc64")]
    [DataRow("FEEDFACE00000012", "ppc")]
    public void A_file_for_one_architecture_names_it(string head, string architecture) =>
        Assert.AreEqual(architecture, string.Join(' ', Read(head)!.Architectures));

    [TestMethod]
    public void A_universal_file_names_all_of_them()
    {
        var first = "0100000700000003000040000000800000000000";
        var second = "0100000C00000000000100000000800000000000";

        Assert.AreEqual("x86_64 arm64", string.Join(' ', Read("CAFEBABE00000002" + first + second)!.Architectures));
        Assert.IsFalse(Read("CAFEBABE00000002" + first + second)!.IsTruncated);
        Assert.IsTrue(Read("CAFEBABE00000002" + first)!.IsTruncated);
        Assert.AreEqual("arm64", string.Join(' ', Read("CAFEBABF00000001" + second)!.Architectures));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("CFFAEDFE")]
    [DataRow("CAFEBABE00000041")] // a class of Java 21
    [DataRow("CAFEBABE00000000")]
    public void What_is_no_Mach_O_file_is_null(string head) => Assert.IsNull(Read(head));

    private static MachOFile? Read(string head) => MachOFile.TryRead(new MemoryStream(Convert.FromHexString(head)));
}

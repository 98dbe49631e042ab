using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Tests.Inspection;

[TestClass]
public sealed class BinaryFileTests
{
    [TestMethod]
    public void The_first_bytes_decide()
    {
        Assert.IsInstanceOfType<ElfFile>(Read(SyntheticElf.Make(type: 3)));
        Assert.IsInstanceOfType<PeFile>(Read(new SyntheticPe().ToBytes()));
        Assert.IsInstanceOfType<MachOFile>(Read(Convert.FromHexString("CFFAEDFE0C000001")));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("#!/bin/sh\n")]
    [DataRow("MZ")]
    [DataRow("{}")]
    public void What_runs_nowhere_is_null(string text) => Assert.IsNull(Read(System.Text.Encoding.UTF8.GetBytes(text)));

    [TestMethod]
    [DataRow(4)]
    [DataRow(16)]
    [DataRow(63)]
    public void The_beginning_of_an_ELF_file_is_one_that_nobody_can_read(int length)
    {
        var file = Read(SyntheticElf.Make(type: 3)[..length])!;

        Assert.IsInstanceOfType<UnreadableFile>(file);
    }

    private static BinaryFile? Read(byte[] bytes) => BinaryFile.TryRead(new MemoryStream(bytes));
}

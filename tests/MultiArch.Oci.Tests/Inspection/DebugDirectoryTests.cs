using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using MultiArch.Oci.Inspection;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Inspection;

[TestClass]
public sealed class DebugDirectoryTests
{
    private static string ThisAssembly => typeof(DebugDirectoryTests).Assembly.Location;

    [TestMethod]
    public void An_assembly_names_its_PDB() => Assert.AreEqual("MultiArch.Oci.Tests.pdb", Path.GetFileName(DebugDirectory.ReadPdbPath(ThisAssembly)));

    [TestMethod]
    [DataRow("")]
    [DataRow("MZ")]
    [DataRow("#!/bin/sh\necho no assembly\n")]
    public void What_is_no_assembly_names_none(string content)
    {
        using var folder = new TempDirectory();

        Assert.IsNull(DebugDirectory.ReadPdbPath(folder.Write("file", content)));
    }

    [TestMethod]
    public void Hostile_and_truncated_assemblies_do_not_throw()
    {
        using var folder = new TempDirectory();
        var whole = File.ReadAllBytes(typeof(DebugDirectory).Assembly.Location);
        using var reader = new PEReader(new MemoryStream(whole));
        Assert.IsTrue(reader.PEHeaders.TryGetDirectoryOffset(reader.PEHeaders.PEHeader!.DebugTableDirectory, out var debugAt));
        var dataAt = BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(debugAt + 24));
        int[] targets = [.. Enumerable.Range(0, 1024), .. Enumerable.Range(debugAt, 128), .. Enumerable.Range(dataAt, 64)];
        var random = new Random(42);
        for (var i = 0; i < 1500; i++)
        {
            var bytes = (byte[])whole.Clone();
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                bytes[targets[random.Next(targets.Length)]] = (byte)(random.Next(3) == 0 ? 0xFF : random.Next(256));
            }

            File.WriteAllBytes(folder["hostile.dll"], random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            DebugDirectory.ReadPdbPath(folder["hostile.dll"]);
        }
    }
}

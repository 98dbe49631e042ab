using System.Reflection.PortableExecutable;
using MultiArch.Oci.Inspection;
using static MultiArch.Oci.Tests.Inspection.SyntheticPlatform;

namespace MultiArch.Oci.Tests.Inspection;

/// <summary>.NET's own files. What the runtime really does with each of them is in PlatformTruthTests of MultiArch.Build.Tests.</summary>
[TestClass]
public sealed class AssemblyInspectionTests
{
    private static readonly Dictionary<string, int> Processors = new()
    {
        ["linux/amd64"] = PeMachine.X64,
        ["linux/arm64"] = PeMachine.Arm64,
        ["linux/arm/v7"] = PeMachine.Arm,
        ["linux/386"] = PeMachine.X86,
        ["linux/riscv64"] = PeMachine.RiscV64,
        ["linux/loong64"] = PeMachine.LoongArch64,
    };

    [TestMethod]
    public void IL_for_any_processor_fits_every_platform()
    {
        foreach (var platform in Elf.Keys)
        {
            Assert.IsNull(Inspect(platform, new SyntheticPe()), platform);
            Assert.IsNull(Inspect(platform, new SyntheticPe { Flags = CorFlags.ILOnly | CorFlags.Requires32Bit | CorFlags.Prefers32Bit }), platform);
        }
    }

    [TestMethod]
    public void IL_for_one_processor_fits_that_alone()
    {
        foreach (var platform in Elf.Keys)
        {
            foreach (var (made, processor) in Processors)
            {
                var flags = processor == PeMachine.X86 ? CorFlags.ILOnly | CorFlags.Requires32Bit : CorFlags.ILOnly;
                var fault = Inspect(platform, new SyntheticPe { Processor = processor, Flags = flags });

                Assert.AreEqual(platform == made ? null : FaultKind.ForeignAssembly, fault?.Kind, $"{made} on {platform}");
                Assert.IsTrue(fault is null || fault.IsCertain == Processors.ContainsKey(platform), "Mono looks at the IL alone.");
            }
        }
    }

    [TestMethod]
    public void Native_code_fits_its_own_processor_and_system_alone()
    {
        foreach (var platform in Elf.Keys)
        {
            foreach (var (made, processor) in Processors)
            {
                foreach (var system in Enum.GetValues<PeOperatingSystem>())
                {
                    var fault = Inspect(platform, new SyntheticPe { Processor = processor, ReadyToRun = system, Flags = 0 });

                    Assert.AreEqual(platform == made && system is PeOperatingSystem.Linux ? null : FaultKind.ReadyToRunForeign, fault?.Kind, $"{system} {made} on {platform}");
                }
            }
        }
    }

    [TestMethod]
    public void The_runtime_names_the_file_unless_it_was_compiled_for_any_processor()
    {
        var file = new SyntheticPe { Processor = PeMachine.Arm64, ReadyToRun = PeOperatingSystem.Linux, Flags = 0 };

        var fault = Inspect("linux/amd64", file, "/app/Acme.Core.dll")!;
        var late = Inspect("linux/amd64", file with { IsFromAnyCpu = true }, "/app/Acme.Core.dll")!;

        Assert.IsTrue(fault.IsCertain);
        Assert.AreEqual("ReadyToRun code for Linux Arm64", fault.Found);
        Assert.AreEqual("ReadyToRun code for Linux x64, or IL for any processor", fault.Expected);
        CollectionAssert.AreEqual(
            new[]
            {
                "System.IO.FileNotFoundException: Could not load file or assembly 'Acme.Core,",
                "System.BadImageFormatException: Could not load file or assembly '/app/Acme.Core.dll'. An attempt was made to load a program with an incorrect format.",
            },
            fault.Texts.Select(text => text.Text).ToList());
        Assert.AreEqual("System.BadImageFormatException: An attempt was made to load a program with an incorrect format.", late.Texts.Single().Text);
    }

    [TestMethod]
    public void An_assembly_with_code_of_Windows_is_one_of_Windows()
    {
        var fault = Inspect("linux/amd64", new SyntheticPe { Processor = PeMachine.X64, Flags = 0 })!;

        Assert.AreEqual((FaultKind.WindowsNative, false), (fault.Kind, fault.IsCertain));
    }
}

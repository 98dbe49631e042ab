using MultiArch.Oci.Inspection;
using MultiArch.Oci.Verification;
using MultiArch.Oci.Tests.Inspection;

namespace MultiArch.Oci.Tests.Verification;

/// <summary>Files of an image against its platform, and against what is in it.</summary>
[TestClass]
public sealed class PlatformVerificationTests
{
    private static readonly SyntheticElf App = new() { Interpreter = "/lib64/ld-linux-x86-64.so.2", IsPie = true, Needed = ["libstdc++.so.6", "libc.so.6"] };
    private static readonly SyntheticElf MuslApp = App with { Interpreter = "/lib/ld-musl-x86_64.so.1", Needed = ["libstdc++.so.6", "libgcc_s.so.1", "libc.musl-x86_64.so.1"] };

    [TestMethod]
    public void What_fits_has_no_fault()
    {
        Assert.AreEqual("", new TestImage().OnDebian().With("/app/app", App).With("/app/libx.so", new SyntheticElf { Needed = ["libm.so.6"] }).Lines());
        Assert.AreEqual("", new TestImage(library: CLibrary.Musl).OnAlpine().With("/app/app", MuslApp).Lines());
    }

    [TestMethod]
    public void On_scratch_the_loader_is_missing_and_nothing_else_is_said_of_the_program()
    {
        var fault = new TestImage().With("/app/app", App).With("/app/libx.so", new SyntheticElf { Needed = ["libc.so.6", "libm.so.6"] }).Faults().Single();

        Assert.AreEqual((FaultKind.LoaderMissing, true), (fault.Kind, fault.IsCertain));
        Assert.Contains("/lib64/ld-linux-x86-64.so.2", fault.Found);
        Assert.Contains("exec /app/app: no such file or directory", fault.Texts[0].Text);
    }

    [TestMethod]
    public void A_musl_app_on_Debian_misses_its_loader_and_hears_which_is_there()
    {
        var fault = new TestImage(library: CLibrary.Musl).OnDebian().With("/app/app", MuslApp).Faults().Single();

        Assert.AreEqual((FaultKind.LoaderMissing, true), (fault.Kind, fault.IsCertain));
        Assert.Contains("/lib64/ld-linux-x86-64.so.2", fault.Expected);
    }

    [TestMethod]
    public void A_library_of_glibc_never_satisfies_a_program_for_musl()
    {
        var image = new TestImage(library: CLibrary.Musl).OnDebian().Base("/lib/ld-musl-x86_64.so.1").Base("/usr/lib/libgcc_s.so.1").With("/app/app", MuslApp);

        Assert.AreEqual(
            "LibraryMissing likely /app/app: a file that needs libstdc++.so.6 for musl, which neither the base nor the layers have\nLibraryMissing likely /app/app: a file that needs libgcc_s.so.1 for musl, which neither the base nor the layers have",
            image.Lines());
    }

    [TestMethod]
    [DataRow("libgssapi_krb5.so.2", "MultiArchOSPackage (libgssapi-krb5-2)")]
    [DataRow("libz.so.1", "MultiArchOSPackage (zlib1g)")]
    [DataRow("libodd.so.2", "'apt-file search' finds it")]
    public void A_library_that_is_missing_is_named_with_its_package(string library, string advice)
    {
        var fault = new TestImage().OnDebian().With("/app/app", App with { Needed = [library] }).Faults().Single();

        Assert.Contains(advice, new FaultGroup("linux-x64", [fault]).Describe());
    }

    [TestMethod]
    public void The_loader_and_a_library_may_come_with_the_layers()
    {
        var image = new TestImage()
            .With("/lib64/ld-linux-x86-64.so.2", new SyntheticElf())
            .With("/opt/x/libc.so.6", new SyntheticElf { SharedObjectName = "libc.so.6", DefinedVersions = ["GLIBC_2.36"] })
            .With("/app/libstdc++.so.6.0.30", new SyntheticElf { SharedObjectName = "libstdc++.so.6", Needed = ["libc.so.6"] })
            .With("/app/app", App);

        Assert.AreEqual("", image.Lines());
    }

    [TestMethod]
    public void A_library_of_another_processor_satisfies_nothing()
    {
        var image = new TestImage().OnDebian().With("/app/libx.so", new SyntheticElf { Machine = 183 }).With("/app/app", App with { Needed = ["libx.so"] });

        CollectionAssert.AreEqual(new[] { FaultKind.ForeignMachine, FaultKind.LibraryMissing }, image.Faults().Select(fault => fault.Kind).ToList());
    }

    [TestMethod]
    [DataRow("$ORIGIN/../lib")]
    [DataRow("/nowhere:${ORIGIN}/../lib")]
    public void A_library_is_looked_for_where_the_file_says(string runPath)
    {
        var image = new TestImage().OnDebian().Base("/app/lib/libx.so").With("/app/bin/app", App with { RunPath = runPath, Needed = ["libx.so"] });

        Assert.AreEqual("", image.Lines());
    }

    [TestMethod]
    public void A_library_is_looked_for_where_the_system_and_the_container_say()
    {
        var app = App with { Needed = ["liba.so", "libb.so"] };
        var image = new TestImage().OnDebian().Base("/etc/ld.so.conf.d/x.conf", "# ours\n/opt/a\n"u8.ToArray()).Base("/opt/a/liba.so").Base("/opt/b/libb.so").With("/app/app", app);
        Assert.Contains("needs libb.so", image.Lines());

        image.Environment["LD_LIBRARY_PATH"] = "/x:/opt/b";
        Assert.AreEqual("", image.Lines());
    }

    [TestMethod]
    public void The_newest_symbol_that_the_C_library_lacks_is_named_once_for_each_file()
    {
        var file = new SyntheticElf { Needed = ["libc.so.6"], RequiredVersions = [new("libc.so.6", "GLIBC_2.34"), new("libc.so.6", "GLIBC_2.38"), new("libc.so.6", "GLIBC_2.39"), new("libc.so.6", "GLIBC_2.41", IsWeak: true)] };

        var fault = new TestImage().OnDebian("2.36").With("/app/libx.so", file).Faults().Single();

        Assert.AreEqual((FaultKind.VersionMissing, false), (fault.Kind, fault.IsCertain));
        Assert.Contains("GLIBC_2.39", fault.Found);
        Assert.Contains("2.36", fault.Expected);
        Assert.AreEqual("", new TestImage().OnDebian("2.41").With("/app/libx.so", file).Lines());
    }

    [TestMethod]
    public void The_runtime_does_without_the_library_of_its_tracing()
    {
        Assert.AreEqual("", new TestImage().OnDebian().With("/app/libcoreclrtraceptprovider.so", new SyntheticElf { Needed = ["liblttng-ust.so.0"] }).Lines());
        Assert.Contains("liblttng-ust.so.0", new TestImage().OnDebian().With("/app/libother.so", new SyntheticElf { Needed = ["liblttng-ust.so.0"] }).Lines());
    }

    [TestMethod]
    public void Packages_of_the_system_are_asked_for_no_more_than_their_processor_and_their_loader()
    {
        var image = new TestImage(library: CLibrary.Musl).OnAlpine()
            .With("/usr/lib/x86_64-linux-gnu/libfoo.so.1", (new SyntheticElf { Needed = ["libc.so.6", "libbar.so.2"] }).ToBytes(), isOfSystem: true)
            .With("/usr/lib/qemu/firmware", new SyntheticElf { Machine = 183 }.ToBytes(), isOfSystem: true);

        Assert.AreEqual("ForeignMachine likely /usr/lib/qemu/firmware: ELF for AArch64", image.Lines());
    }

    [TestMethod]
    public void Beside_the_app_a_program_of_another_C_library_may_lie_whose_loader_is_there()
    {
        var image = new TestImage().OnDebian().With("/usr/local/bin/tool", MuslApp with { Needed = ["libc.musl-x86_64.so.1"] });
        Assert.Contains("ForeignCLibrary certain /usr/local/bin/tool", image.Lines());

        image.Base("/lib/ld-musl-x86_64.so.1");
        Assert.AreEqual("", image.Lines());
        Assert.Contains("ForeignCLibrary certain /app/tool", image.With("/app/tool", MuslApp).Lines());
    }

    [TestMethod]
    public void Without_the_base_the_headers_are_checked_and_nothing_else()
    {
        var image = new TestImage { ReadsBase = false, Command = ["/app/nothing"] }
            .With("/app/app", App)
            .With("/app/libx.so", new SyntheticElf { Machine = 183 })
            .WithJson("/app/app.runtimeconfig.json", """{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"10.0.0"}}}""");

        Assert.AreEqual("ForeignMachine certain /app/libx.so: ELF for AArch64", image.Lines());
    }

    [TestMethod]
    public void Data_that_looks_like_a_library_needs_nothing()
    {
        var image = new TestImage().OnDebian().With("/app/kernel.cubin", new SyntheticElf { Type = 2, Machine = 190, Needed = ["nothing.so"] }).With("/app/x.o", new SyntheticElf { Type = 1, Needed = ["nothing.so"] });

        Assert.AreEqual("", image.Lines());
    }
}

using MultiArch.Oci.Audit;
using MultiArch.Oci.Inspection;
using MultiArch.Oci.Tests.Inspection;
using static MultiArch.Oci.Tests.Audit.ImageIndexBuilder;

namespace MultiArch.Oci.Tests.Audit;

/// <summary>Which files for another platform make an image a lie, and which may be there on purpose.</summary>
[TestClass]
public sealed class FileRulesTests
{
    private static readonly byte[] X64 = Program("linux/amd64");
    private static readonly byte[] X86 = Program("linux/386");
    private static readonly byte[] Arm64 = Program("linux/arm64");
    private static readonly byte[] Windows = new SyntheticPe { IsAssembly = false }.ToBytes();
    private static readonly byte[] NativeForX64 = new SyntheticPe { Processor = PeMachine.X64, ReadyToRun = PeOperatingSystem.Linux }.ToBytes();

    [TestMethod]
    [DataRow("app/runtimes/linux-x64/native/libe_sqlite3.so")]
    [DataRow("app/node_modules/bcrypt/prebuilds/linux-x64/bcrypt.node")]
    [DataRow("app/agent-amd64")]
    [DataRow("app/agent_x86_64")]
    [DataRow("usr/bin/qemu-aarch64-static")]
    [DataRow("usr/x86_64-linux-gnu/lib/libc.so.6")]
    [DataRow("opt/data/tool")]
    public async Task A_file_that_may_be_there_on_purpose_is_a_warning(string path)
    {
        var report = await VerifyAsync("linux/arm64", ["/app/app"], ("app/app", Arm64), (path, X64));

        Assert.IsTrue(report.IsTrue);
        Assert.AreEqual(DiagnosticCodes.FilesOfOtherPlatforms, report.Faults.Single().Code);
        Assert.Contains($"linux/arm64 also has 1 file not made for it, which may be there on purpose: /{path} (ELF for x86-64).", report.Faults.Single().Message);
    }

    [TestMethod]
    [DataRow("usr/bin/tool", "it lies where the system's own files lie")]
    [DataRow("usr/local/lib/libx.so.1", "it lies where the system's own files lie")]
    [DataRow("usr/lib/aarch64-linux-gnu/libx.so.1", "it lies where the system's own files lie")]
    [DataRow("app/libx.so", "it lies beside what the image's command uses")]
    public async Task A_file_that_is_needed_where_it_lies_is_a_lie(string path, string reason)
    {
        var report = await VerifyAsync("linux/arm64", ["/app/app"], ("app/app", Arm64), (path, X64));

        Assert.IsFalse(report.IsTrue);
        Assert.AreEqual(reason, report.Images.Single().Disagreeing.Single().Reason);
    }

    [TestMethod]
    [DataRow("/opt/x/run-amd64")]
    [DataRow("run-amd64")]
    [DataRow("/bin/sh|-c|exec /opt/x/run-amd64 --port 80")]
    [DataRow("/opt/link")]
    [DataRow("/start.sh|run-amd64")]
    public async Task What_the_command_uses_is_a_lie_whatever_it_is_called(string command)
    {
        var report = await VerifyAsync("linux/arm64", command.Split('|'), ("opt/x/run-amd64", X64), ("opt/link -> x/run-amd64", []), ("bin/sh", Arm64), ("usr/bin/run-amd64 -> ../../opt/x/run-amd64", []), ("start.sh", "#!"u8.ToArray()));

        Assert.AreEqual("the image's command uses it", report.Images.Single().Disagreeing.Single().Reason);
        Assert.IsFalse(report.IsTrue);
    }

    [TestMethod]
    [DataRow("#!/opt/interp")]
    [DataRow("#! /opt/interp -x\necho")]
    [DataRow("#!/opt/link\n")]
    [DataRow("#!/usr/bin/env interp\n")]
    [DataRow("#!/usr/bin/env -S A=b interp -u\r\n")]
    [DataRow("#!/opt/other.sh\n", DisplayName = "A script that runs a script")]
    public async Task What_runs_a_script_of_the_command_is_a_lie(string script)
    {
        var report = await VerifyAsync(
            "linux/arm64",
            ["/app/start.sh"],
            ("app/start.sh", System.Text.Encoding.UTF8.GetBytes(script)),
            ("opt/interp", X64),
            ("opt/link -> interp", []),
            ("opt/other.sh", "#!/opt/interp\n"u8.ToArray()),
            ("usr/bin/env", Arm64),
            ("usr/local/bin/interp -> ../../../opt/interp", []));

        var file = report.Images.Single().Disagreeing.Single();
        Assert.AreEqual(("/opt/interp", "the image's command uses it"), (file.Fault.Path, file.Reason));
        Assert.AreEqual(DiagnosticCodes.FilesOfAnotherPlatform, report.Faults.Single().Code);
        Assert.IsFalse(report.IsTrue);
    }

    [TestMethod]
    [DataRow("echo /opt/interp\n", DisplayName = "No first line of a script")]
    [DataRow("#!/bin/sh\n/opt/interp\n", DisplayName = "What a script does")]
    [DataRow("#!\n/opt/interp")]
    [DataRow("#!/app/start.sh /opt/no", DisplayName = "A script that runs itself")]
    public async Task What_only_a_scripts_text_names_is_not_followed(string script)
    {
        var report = await VerifyAsync("linux/arm64", ["/app/start.sh"], ("app/start.sh", System.Text.Encoding.UTF8.GetBytes(script)), ("bin/sh", Arm64), ("opt/interp", X64));

        Assert.IsTrue(report.IsTrue);
    }

    [TestMethod]
    public async Task What_lies_beside_the_data_that_a_command_is_given_is_not_needed_for_that()
    {
        var report = await VerifyAsync("linux/arm64", ["/app/app", "/opt/data/settings.json"], ("app/app", Arm64), ("opt/data/settings.json", "{}"u8.ToArray()), ("opt/data/tool", X64));

        Assert.IsTrue(report.IsTrue);
    }

    [TestMethod]
    public async Task An_assembly_with_native_code_for_another_processor_is_a_lie_beside_the_app()
    {
        var report = await VerifyAsync("linux/arm64", ["/app/app"], ("app/app", Arm64), ("app/app.dll", NativeForX64), ("app/runtimes/linux-x64/lib/x.dll", NativeForX64));

        Assert.AreEqual("/app/app.dll", report.Images.Single().Disagreeing.Single(file => file.IsLie).Fault.Path);
        Assert.AreEqual(2, report.Images.Single().DisagreeingCount);
    }

    [TestMethod]
    public async Task Programs_of_32_bits_are_at_home_beside_others_and_alone_are_a_lie()
    {
        Assert.IsTrue((await VerifyAsync("linux/amd64", ["/app"], ("app", X64), ("usr/bin/wine", X86), ("usr/lib/i386-linux-gnu/libx.so", X86))).IsTrue);
        Assert.IsFalse((await VerifyAsync("linux/amd64", ["/app"], ("app", X86), ("usr/bin/wine", X86))).IsTrue);
        Assert.IsFalse((await VerifyAsync("linux/386", ["/app"], ("app", X86), ("usr/bin/tool", X64))).IsTrue);
    }

    [TestMethod]
    public async Task Files_of_Windows_are_listed_and_not_warned_about()
    {
        var report = await VerifyAsync("linux/amd64", ["/app/app"], ("app/app", X64), ("app/helper.exe", Windows));

        Assert.IsEmpty(report.Faults);
        Assert.AreEqual(1, report.Images.Single().DisagreeingCount);
        Assert.AreEqual(1, report.Images.Single().Binaries["Windows"]);
    }

    [TestMethod]
    public async Task An_image_of_data_alone_is_true()
    {
        var report = await VerifyAsync("linux/arm64", [], ("data/readme", "x"u8.ToArray()), ("empty", []));

        Assert.IsTrue(report.IsTrue);
        Assert.IsEmpty(report.Images.Single().Binaries);
    }

    [TestMethod]
    public async Task The_commands_loader_and_libraries_have_to_be_there()
    {
        var elf = SyntheticPlatform.Elf["linux/arm64"] with { Type = 2, Interpreter = "/lib/ld-linux-aarch64.so.1", Needed = ["libc.so.6", "libx.so.1"] };
        var libc = SyntheticPlatform.Elf["linux/arm64"] with { SharedObjectName = "libc.so.6", DefinedVersions = ["GLIBC_2.17", "GLIBC_2.36"] };
        var loader = SyntheticPlatform.Elf["linux/arm64"].ToBytes();

        var without = await VerifyAsync("linux/arm64", ["/app"], ("app", elf.ToBytes()));
        var with = await VerifyAsync("linux/arm64", ["/app"], ("app", elf.ToBytes()), ("lib/ld-linux-aarch64.so.1", loader), ("lib/libc.so.6", libc.ToBytes()));

        var beside = await VerifyAsync("linux/arm64", ["/app/app"], ("app/app", Arm64), ("app/unused", elf.ToBytes()));

        Assert.AreEqual(DiagnosticCodes.LoaderMissing, without.Faults.Single(fault => fault.IsCertain).Code);
        Assert.AreEqual(DiagnosticCodes.LoaderMissing, beside.Faults.Single().Code);
        Assert.IsTrue(beside.IsTrue, "Nobody says that anything starts it.");
        Assert.Contains("exec /app: no such file or directory", without.Faults[0].Message);
        Assert.AreEqual(DiagnosticCodes.LibraryMissing, with.Faults.Single().Code);
        Assert.Contains("/app is a file that needs libx.so.1", with.Faults.Single().Message);
        Assert.IsTrue(with.IsTrue);
        Assert.AreEqual("glibc 2.36", with.Images.Single().CLibrary);
    }

    [TestMethod]
    public async Task Thousands_of_files_are_counted_and_a_thousand_are_named()
    {
        var files = Enumerable.Range(0, 3000).Select(i => ($"usr/bin/{i}", X64)).Append(("app", Arm64));

        var report = await VerifyAsync("linux/arm64", ["/app"], [.. files]);

        Assert.AreEqual(3000, report.Images.Single().DisagreeingCount);
        Assert.HasCount(1000, report.Images.Single().Disagreeing);
        Assert.IsLessThan(2000, report.Faults.Single().Message.Length);
    }

    [TestMethod]
    public async Task Names_from_an_image_cannot_forge_a_line()
    {
        var report = await VerifyAsync("linux/arm64", ["/app"], ("app", Arm64), ("usr/bin/x\n##vso[task.complete]", X64));

        Assert.DoesNotContain('\n', report.Faults.Single().Message);
        Assert.DoesNotContain("##vso", report.Faults.Single().Message);
    }

    private static async Task<ImageVerification> VerifyAsync(string platform, string[] command, params (string Name, byte[] Content)[] files)
    {
        var index = new ImageIndexBuilder();
        await index.AddAsync(platform, command: command, files: files);
        return await index.VerifyAsync();
    }
}

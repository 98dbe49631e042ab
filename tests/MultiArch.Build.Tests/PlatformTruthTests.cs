using System.Runtime.InteropServices;
using MultiArch.Oci.Inspection;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What really happens when a file of another platform is used: each prediction of <see cref="PlatformInspector"/> is run, with real compilers' output.</summary>
/// <remarks>An app, the library that it refers to, and a native library that it calls; published once for this machine's platform and once for the other.</remarks>
[TestClass]
public sealed class PlatformTruthTests
{
    private const string App = """
        using System.Runtime.InteropServices;
        switch (args)
        {
            case ["native"]: System.Console.WriteLine(Native.answer()); break;
            case ["start", var program]: System.Diagnostics.Process.Start(program)!.WaitForExit(); break;
            case ["load", var path]: System.Console.WriteLine(System.Reflection.Assembly.LoadFrom(path).GetType("Greeting")!.GetMethod("Text")!.Invoke(null, null)); break;
            default: System.Console.WriteLine(Greeting.Text()); break;
        }
        static class Native { [DllImport("answer")] public static extern int answer(); }
        """;

    /// <summary>As a RuntimeIdentifier, and as a PlatformTarget.</summary>
    private static readonly string[] OtherProcessor = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? ["linux-x64", "x64"] : ["linux-arm64", "ARM64"];

    private static readonly string ThisRid = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    private static TempDirectory Folder { get; set; } = null!; // set before any test

    [ClassInitialize]
    public static async Task PublishAsync(TestContext context)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
        {
            Assert.Inconclusive("This publishes for Linux on x64 and Arm64 and runs what it publishes.");
        }

        Folder = new TempDirectory();
        Folder.Write("Directory.Build.props", "<Project />");
        Folder.Write("library/library.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        Folder.Write("library/Greeting.cs", "public static class Greeting { public static string Text() => \"hello\"; }");
        Folder.Write("app/app.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><SelfContained>false</SelfContained></PropertyGroup>
              <ItemGroup><ProjectReference Include="../library/library.csproj" /></ItemGroup>
            </Project>
            """);
        Folder.Write("app/Program.cs", App);
        await DotnetAsync("publish", "app", "-r", ThisRid, "-p:PublishReadyToRun=true", "-o", Folder["this"]);
        await DotnetAsync("publish", "app", "-r", OtherProcessor[0], "-p:PublishReadyToRun=true", $"-p:PlatformTarget={OtherProcessor[1]}", "-o", Folder["other"]);
        await DotnetAsync("publish", "app", "-r", OtherProcessor[0], "-p:PublishReadyToRun=true", "-p:PlatformTarget=AnyCPU", "-o", Folder["other-any"]);
        await DotnetAsync("build", "library", "-c", "Release", $"-p:PlatformTarget={OtherProcessor[1]}", "-p:IntermediateOutputPath=obj/processor/", "-o", Folder["other-il"]);
    }

    [ClassCleanup]
    public static void RemoveFolder() => Folder?.Dispose();

    [TestMethod]
    public async Task What_was_published_for_this_machine_fits_and_runs()
    {
        foreach (var file in Directory.EnumerateFiles(Folder["this"]))
        {
            Assert.IsNull(Inspect(file), file);
        }

        Assert.AreEqual(PeCode.ReadyToRun, Pe(Folder["this/app.dll"]).Code);
        StringAssert.Contains((await RunAsync(Copy())).ShouldSucceed().Output, "hello");
    }

    [TestMethod]
    [DataRow("other", "app.dll")]
    [DataRow("other", "library.dll")]
    [DataRow("other-any", "app.dll")]
    [DataRow("other-any", "library.dll")]
    public async Task ReadyToRun_code_for_another_processor_is_refused_although_its_IL_would_run(string published, string file)
    {
        var folder = Copy();
        File.Copy(Folder[$"{published}/{file}"], Path.Combine(folder, file), overwrite: true);

        var fault = Inspect(Path.Combine(folder, file))!;
        var run = (await RunAsync(folder)).ShouldFail();

        Assert.AreEqual((FaultKind.ReadyToRunForeign, true), (fault.Kind, fault.IsCertain));
        ShouldSay(fault, run);
    }

    [TestMethod]
    public async Task IL_for_another_processor_is_there_and_not_found()
    {
        var folder = Copy();
        File.Copy(Folder["other-il/library.dll"], Path.Combine(folder, "library.dll"), overwrite: true);

        var fault = Inspect(Path.Combine(folder, "library.dll"))!;

        Assert.AreEqual((FaultKind.ForeignAssembly, true), (fault.Kind, fault.IsCertain));
        ShouldSay(fault, (await RunAsync(folder)).ShouldFail());
        ShouldSay(fault, (await RunAsync(folder, "load", Folder["other-il/library.dll"])).ShouldFail(), Folder["other-il/library.dll"]);
    }

    [TestMethod]
    public async Task A_native_library_of_another_processor_is_there_and_not_found()
    {
        var (gcc, foreign) = Compilers();
        var source = Folder.Write("answer.c", "int answer(void) { return 42; }");
        var folder = Copy();
        var library = Path.Combine(folder, "libanswer.so");

        await CompileAsync(gcc, source, library);
        Assert.IsNull(Inspect(library));
        StringAssert.Contains((await RunAsync(folder, "native")).ShouldSucceed().Output, "42");

        await CompileAsync(foreign, source, library);
        var fault = Inspect(library)!;

        Assert.AreEqual((FaultKind.ForeignMachine, true), (fault.Kind, fault.IsCertain));
        ShouldSay(fault, (await RunAsync(folder, "native")).ShouldFail(), all: true);
    }

    [TestMethod]
    public async Task A_native_library_for_musl_misses_musl()
    {
        var (gcc, _) = Compilers();
        var folder = Copy();
        var name = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? "libc.musl-aarch64.so.1" : "libc.musl-x86_64.so.1";
        var musl = Path.Combine(Folder.Path, name);
        var library = Path.Combine(folder, "libanswer.so");
        (await new CommandLine(gcc, "-shared", "-fPIC", "-nostdlib", $"-Wl,-soname,{name}", "-o", musl, Folder.Write("musl.c", "int musl(void) { return 0; }")).RunAsync()).ShouldSucceed();
        (await new CommandLine(gcc, "-shared", "-fPIC", "-nostdlib", "-o", library, Folder.Write("answer.c", "int answer(void) { return 42; }"), "-Wl,--no-as-needed", musl).RunAsync()).ShouldSucceed();

        var fault = Inspect(library)!;

        Assert.AreEqual((FaultKind.ForeignCLibrary, true), (fault.Kind, fault.IsCertain));
        ShouldSay(fault, (await RunAsync(folder, "native")).ShouldFail(), all: true);
    }

    [TestMethod]
    public async Task A_program_that_no_handler_knows_is_a_format_error()
    {
        var program = Folder["foreign"];
        var bytes = await File.ReadAllBytesAsync(Folder["this/app"]);
        bytes[18] = 22; // S/390, with the wrong byte order: nobody emulates that
        await File.WriteAllBytesAsync(program, bytes);
        TempDirectory.MakeExecutable(program);

        var fault = Inspect(program)!;

        Assert.AreEqual((FaultKind.ForeignMachine, true), (fault.Kind, fault.IsCertain));
        ShouldSay(fault, (await RunAsync(Copy(), "start", program)).ShouldFail());
    }

    [TestMethod]
    public async Task A_program_for_musl_has_no_loader()
    {
        var program = Folder["musl-app"];
        var bytes = await File.ReadAllBytesAsync(Folder["this/app"]);
        var loader = System.Text.Encoding.ASCII.GetBytes(ElfFile.TryRead(bytes)!.Interpreter!);
        var at = bytes.AsSpan().IndexOf(loader);
        bytes.AsSpan(at, loader.Length).Clear();
        "/lib/ld-musl-x.so.1"u8.CopyTo(bytes.AsSpan(at));
        await File.WriteAllBytesAsync(program, bytes);
        TempDirectory.MakeExecutable(program);

        var fault = Inspect(program)!;

        Assert.AreEqual((FaultKind.ForeignCLibrary, true), (fault.Kind, fault.IsCertain));
        ShouldSay(fault, (await RunAsync(Copy(), "start", program)).ShouldFail());
    }

    /// <summary>The published app, to be spoilt.</summary>
    private static string Copy()
    {
        var folder = Directory.CreateDirectory(Folder[Path.GetRandomFileName()]).FullName;
        foreach (var file in Directory.EnumerateFiles(Folder["this"]))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }

    /// <param name="all">Whether one run says all of the texts, and not one of them.</param>
    private static void ShouldSay(PlatformFault fault, CommandResult run, string? path = null, bool all = false)
    {
        var texts = fault.Texts.Select(text => path is null ? text.Text : text.Text.Replace(fault.Path, path, StringComparison.Ordinal)).ToList();
        Assert.IsTrue(
            all ? texts.TrueForAll(text => run.Output.Contains(text, StringComparison.Ordinal)) : texts.Exists(text => run.Output.Contains(text, StringComparison.Ordinal)),
            $"Foretold:\n{string.Join('\n', texts)}\nSaid:\n{run.Output}");
    }

    private static PlatformFault? Inspect(string path)
    {
        using var file = File.OpenRead(path);
        var platform = PlatformOf(ThisRid);
        return new PlatformInspector(platform).Inspect(path, BinaryFile.TryRead(file));
    }

    private static BinaryPlatform PlatformOf(string rid)
    {
        var platform = Oci.RuntimeIdentifiers.ToPlatform(rid);
        return BinaryPlatform.Find(platform.OS, platform.Architecture, platform.Variant, BinaryPlatform.CLibraryOf(rid))!;
    }

    private static PeFile Pe(string path)
    {
        using var file = File.OpenRead(path);
        return PeFile.TryRead(file)!;
    }

    private static (string Own, string Other) Compilers()
    {
        var other = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? "x86_64-linux-gnu-gcc" : "aarch64-linux-gnu-gcc";
        Tool.Require("gcc", other);
        return ("gcc", other);
    }

    private static async Task CompileAsync(string compiler, string source, string library) =>
        (await new CommandLine(compiler, "-shared", "-fPIC", "-o", library, source).RunAsync()).ShouldSucceed();

    private static Task<CommandResult> RunAsync(string folder, params IEnumerable<string> arguments) =>
        new CommandLine("dotnet", [Path.Combine(folder, "app.dll"), .. arguments]) { WorkingDirectory = folder, Environment = TestProject.CliEnvironment }.RunAsync();

    private static async Task DotnetAsync(params IEnumerable<string> arguments) =>
        (await BuildServer.DotnetAsync(Folder.Path, arguments)).ShouldSucceed();
}

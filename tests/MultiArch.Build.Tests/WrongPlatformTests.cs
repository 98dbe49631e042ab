using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>
/// The faces of one mistake, made on purpose in real publishes: the gate stops each and says why, and what is forced out says when it is run what the
/// gate said that it would. The fifth, a format error, needs a processor that nobody emulates: see <see cref="PlatformTruthTests"/>.
/// </summary>
[TestClass]
public sealed partial class WrongPlatformTests
{
    private const string Program = """
        using System.Runtime.InteropServices;
        switch (System.Environment.GetEnvironmentVariable("FACE"))
        {
            case "native": System.Console.WriteLine(Native.answer()); break;
            case "assembly": System.Console.WriteLine(Words.Count("a b")); break;
            default: System.Console.WriteLine("hello"); break;
        }
        static class Words { public static int Count(string text) => System.Text.RegularExpressions.Regex.Count(text, "[a-z]"); }
        static class Native { [DllImport("answer")] public static extern int answer(); }
        """;

    /// <summary>What goes wrong in real projects: an obj that another RuntimeIdentifier's build left, and content that is the same for all.</summary>
    private const string Mistakes = """
        <Target Name="LeaveAnOldObj" BeforeTargets="_CreateAppHost" Condition="'$(RuntimeIdentifier)' == 'linux-arm64'">
          <Copy SourceFiles="$(NetCoreTargetingPackRoot)/Microsoft.NETCore.App.Host.linux-x64/$(BundledNETCoreAppPackageVersion)/runtimes/linux-x64/native/apphost" DestinationFiles="$(AppHostIntermediatePath)" />
          <Touch Files="$(AppHostIntermediatePath)" />
        </Target>
        <Target Name="TakeTheOthersAssembly" AfterTargets="ComputeResolvedFilesToPublishList" Condition="'$(RuntimeIdentifier)' == 'linux-x64'">
          <ItemGroup>
            <ResolvedFileToPublish Remove="@(ResolvedFileToPublish)" Condition="'%(Filename)%(Extension)' == 'System.Text.RegularExpressions.dll'" />
            <ResolvedFileToPublish Include="$(NuGetPackageRoot)/microsoft.netcore.app.runtime.linux-arm64/$(BundledNETCoreAppPackageVersion)/runtimes/linux-arm64/lib/net10.0/System.Text.RegularExpressions.dll"
                                   RelativePath="System.Text.RegularExpressions.dll" CopyToPublishDirectory="PreserveNewest" />
          </ItemGroup>
        </Target>
        """;

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task Each_face_is_stopped_and_says_what_it_says_when_it_is_run()
    {
        RequireMachine();
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var project = await CreateAsync();

        var stopped = (await project.PublishAsync("-p:MultiArchVerify=", $"-p:ContainerRegistry={registry.Address}")).ShouldFail().Output;

        var (apphost, native, assembly) = (Line(stopped, "MARCH3020", "/app/hello'"), Line(stopped, "MARCH3020", "/app/libanswer.so'"), Line(stopped, "MARCH3022", "/app/System.Text.RegularExpressions.dll'"));
        Assert.Contains("linux-arm64: ", apphost);
        Assert.Contains("found ELF for x86-64, expected ELF for AArch64", apphost);
        Assert.Contains("obj", apphost);
        Assert.Contains("linux-x64: ", native);
        Assert.Contains("found ELF for AArch64, expected ELF for x86-64", native);
        Assert.Contains("a package that has no file for this RuntimeIdentifier", native);
        Assert.Contains("found ReadyToRun code for Linux Arm64", assembly);
        Assert.HasCount(3, Errors().Matches(stopped).Select(match => match.Value).Distinct(), stopped);
        Assert.IsEmpty(registry.Tags("hello"));

        (await project.PublishAsync("-p:MultiArchVerify=off")).ShouldSucceed();

        Says(await RunAsync(project, "linux/amd64", "native"), native);
        Says(await RunAsync(project, "linux/amd64", "assembly"), assembly);
        Says(await RunAsync(project, "linux/arm64", ""), apphost);
    }

    [TestMethod]
    public async Task A_program_for_musl_on_Debian_is_stopped_and_there_and_not_found()
    {
        RequireMachine();
        using var project = await TestProject.ConsoleAsync($"<PropertyGroup><SelfContained>true</SelfContained><ContainerBaseImage>oci:{await TestBase.GetLayoutAsync()}</ContainerBaseImage><MultiArchVerifyBase>true</MultiArchVerifyBase></PropertyGroup>");

        var stopped = (await project.PublishAsync("-r", "linux-musl-x64", "-p:MultiArchVerify=")).ShouldFail().Output;

        var line = Line(stopped, "MARCH3023", "/app/hello'");
        Assert.Contains("/lib/ld-musl-x86_64.so.1", line);
        Assert.Contains("expected the loader that is there, /lib64/ld-linux-x86-64.so.2", line);
        Assert.Contains("Alpine", line);
        Assert.IsFalse(Directory.Exists(project.ImageFolder));

        (await project.PublishAsync("-r", "linux-musl-x64", "-p:MultiArchVerify=off")).ShouldSucceed();

        Says(await RunAsync(project, "linux/amd64", ""), line);
    }

    private static void RequireMachine()
    {
        Tool.Require("mmdebstrap", "aarch64-linux-gnu-gcc", "skopeo");
        if (RuntimeInformation.OSArchitecture is not Architecture.X64)
        {
            Assert.Inconclusive("The other platform is linux-arm64 here, and this machine is that.");
        }
    }

    private static async Task<TestProject> CreateAsync()
    {
        var version = $"1.0.0-t{Guid.NewGuid():N}";
        var project = await TestProject.ConsoleAsync($"""
            <PropertyGroup>
              <SelfContained>true</SelfContained>
              <ContainerBaseImage>oci:{await TestBase.GetLayoutAsync()}</ContainerBaseImage>
              <MultiArchVerifyBase>true</MultiArchVerifyBase>
            </PropertyGroup>
            <ItemGroup><PackageReference Include="answer" Version="{version}" /></ItemGroup>
            {Mistakes}
            """);
        project.With("Program.cs", Program);
        var source = Path.Combine(project.Folder, "packages", "answer.txt");
        var library = Path.Combine(project.Folder, "packages", "libanswer.so");
        project.With("packages/answer.txt", "int answer(void) { return 42; }");
        (await new CommandLine("aarch64-linux-gnu-gcc", "-x", "c", "-shared", "-fPIC", "-o", library, source).RunAsync()).ShouldSucceed();
        await WritePackageAsync(Path.Combine(project.Folder, "packages", $"answer.{version}.nupkg"), version, library);
        var config = Path.Combine(project.Folder, "nuget.config");
        return project.With("nuget.config", (await File.ReadAllTextAsync(config)).Replace("</packageSources>", """<add key="answer" value="packages" /></packageSources>""", StringComparison.Ordinal));
    }

    /// <summary>A package with one file for two RuntimeIdentifiers, which is wrong for one of them.</summary>
    private static async Task WritePackageAsync(string path, string version, string library)
    {
        await using var package = await ZipFile.OpenAsync(path, ZipArchiveMode.Create);
        await using (var specification = new StreamWriter(await package.CreateEntry("answer.nuspec").OpenAsync()))
        {
            await specification.WriteAsync($"<package><metadata><id>answer</id><version>{version}</version><authors>a</authors><description>d</description></metadata></package>");
        }

        foreach (var runtimeIdentifier in new[] { "linux-x64", "linux-arm64" })
        {
            await package.CreateEntryFromFileAsync(library, $"runtimes/{runtimeIdentifier}/native/libanswer.so");
        }
    }

    private static string Line(string output, string code, string file) =>
        output.Split('\n').FirstOrDefault(line => line.Contains($"error {code}: ", StringComparison.Ordinal) && line.Contains(file, StringComparison.Ordinal))
        ?? throw new AssertFailedException($"No line with {code} and {file}:\n{output}");

    /// <summary>One of the texts that the gate foretold, in whoever's words: which of them depends on what starts the container.</summary>
    private static void Says(CommandResult run, string line)
    {
        var said = run.ShouldFail().Output;
        var foretold = Quoted().Matches(line).Select(match => match.Groups[1].Value).ToList();

        // Docker's and podman's sentences end with the system's own, which is all that a plain exec has.
        Assert.IsTrue(foretold.Exists(text => said.Contains(text, StringComparison.Ordinal) || said.Contains(text.Split(": ")[^1], StringComparison.OrdinalIgnoreCase)), $"Foretold:\n{string.Join('\n', foretold)}\nSaid:\n{said}");
    }

    private async Task<CommandResult> RunAsync(TestProject project, string platform, string face)
    {
        await using var pulled = await PulledImage.PullAsync(PullClient.Skopeo, $"oci:{project.ImageFolder}:latest", Platform.Parse(platform), TestContext.CancellationToken);
        return await RunningImage.RunToEndAsync(pulled, new Dictionary<string, string> { ["FACE"] = face }, cancellationToken: TestContext.CancellationToken);
    }

    [GeneratedRegex("\"([^\"]+)\" \\(")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"error MARCH\d{4}: linux-\w+: '[^']+'")]
    private static partial Regex Errors();
}

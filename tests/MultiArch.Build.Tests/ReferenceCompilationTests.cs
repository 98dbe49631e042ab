using System.Reflection.PortableExecutable;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A referenced project is compiled once for all platforms, and for each if it asks for a RuntimeIdentifier.</summary>
[TestClass]
public sealed class ReferenceCompilationTests
{
    [TestMethod]
    public async Task A_library_is_compiled_once_whatever_else_is_compiled_for_each_platform()
    {
        using var project = await TestProject.ConsoleAsync("""
            <PropertyGroup Condition="'$(RuntimeIdentifier)' == 'linux-arm64'"><DefineConstants>$(DefineConstants);ARM</DefineConstants></PropertyGroup>
            <ItemGroup>
              <ProjectReference Include="../library/library.csproj" />
              <ProjectReference Include="../native/native.csproj" />
              <ProjectReference Include="../tool/tool.csproj" />
            </ItemGroup>
            """, folder: "app");
        project.With("Program.cs", """
                #if ARM
                System.Console.WriteLine(Library.Greeting.Text + Native.Greeting.Text + "arm");
                #else
                System.Console.WriteLine(Library.Greeting.Text + Native.Greeting.Text);
                #endif
                """)
            .With("../library/library.csproj", Project(""))
            .With("../library/Greeting.cs", "namespace Library; public static class Greeting { public const string Text = \"hello\"; }")
            .With("../native/native.csproj", Project("<RuntimeIdentifiers>linux-x64;linux-arm64</RuntimeIdentifiers>"))
            .With("../native/Greeting.cs", "namespace Native; public static class Greeting { public static string Text => \"hello\"; }")
            .With("../tool/tool.csproj", Project("<RuntimeIdentifiers>linux-x64;linux-arm64</RuntimeIdentifiers><OutputType>Exe</OutputType>"))
            .With("../tool/Program.cs", "System.Console.WriteLine(\"tool\");");

        (await project.PublishAsync("-bl:publish.binlog")).ShouldSucceed();

        var log = BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog"));
        Assert.AreEqual((2, 1, 2, 2), (Count("hello"), Count("library"), Count("native"), Count("tool")));
        foreach (var (image, machine, elfMachine) in Both(project))
        {
            Assert.AreEqual(machine, PeMachine(image, "app/native.dll"), $"{image.Platform}");
            Assert.AreEqual(elfMachine, ElfMachine(image, "app/hello"), $"{image.Platform}");
            Assert.AreEqual(elfMachine, ElfMachine(image, "app/tool"), $"{image.Platform}");
        }

        int Count(string name) => log.CountTasks("Csc", $"{name}.csproj");
    }

    [TestMethod]
    public async Task A_platform_target_of_the_users_own_is_each_platforms()
    {
        using var project = await TestProject.ConsoleAsync("""
            <PropertyGroup Condition="'$(RuntimeIdentifier)' == 'linux-x64'"><PlatformTarget>x64</PlatformTarget></PropertyGroup>
            <PropertyGroup Condition="'$(RuntimeIdentifier)' == 'linux-arm64'"><PlatformTarget>ARM64</PlatformTarget></PropertyGroup>
            """);

        (await project.PublishAsync("-bl:publish.binlog")).ShouldSucceed();

        Assert.AreEqual(2, BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog")).CountTasks("Csc", "hello.csproj"));
        foreach (var (image, machine, _) in Both(project))
        {
            Assert.AreEqual(machine, PeMachine(image, "app/hello.dll"), $"{image.Platform}");
        }
    }

    private static string Project(string properties) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>{TestProject.Framework}</TargetFramework>
            {properties}
          </PropertyGroup>
        </Project>

        """;

    private static IEnumerable<(OciImage Image, Machine PeMachine, int ElfMachine)> Both(TestProject project)
    {
        var layout = OciLayout.Read(project.ImageFolder);
        return [(layout["linux/amd64"], Machine.Amd64, 62), (layout["linux/arm64"], Machine.Arm64, 183)];
    }

    private static Machine PeMachine(OciImage image, string path)
    {
        using var pe = new PEReader(new MemoryStream(image.Read(path)));
        return pe.PEHeaders.CoffHeader.Machine;
    }

    private static int ElfMachine(OciImage image, string path) => BitConverter.ToUInt16(image.Read(path), 18);
}

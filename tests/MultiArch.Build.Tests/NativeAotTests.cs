using MultiArch.Testing;
using System.Runtime.InteropServices;

namespace MultiArch.Build.Tests;

/// <summary>Native code is linked for each platform, with a cross compiler for the one that this machine is not.</summary>
[TestClass]
public sealed class NativeAotTests
{
    private const string Aot = "<PropertyGroup><PublishAot>true</PublishAot><InvariantGlobalization>true</InvariantGlobalization></PropertyGroup>";

    [TestMethod]
    public async Task Both_architectures_are_linked_where_the_cross_compiler_is_installed()
    {
        Tool.Require("gcc", RuntimeInformation.OSArchitecture is Architecture.X64 ? "aarch64-linux-gnu-gcc" : "x86_64-linux-gnu-gcc");
        using var project = await TestProject.ConsoleAsync(Aot);

        (await project.PublishAsync()).ShouldSucceed();

        var layout = OciLayout.Read(project.ImageFolder);
        foreach (var (platform, machine, loader) in new[] { ("linux/amd64", 62, "/lib64/ld-linux-x86-64.so"), ("linux/arm64", 183, "/lib/ld-linux-aarch64.so") })
        {
            var files = layout[platform].OfApp();
            Assert.AreEqual("hello hello.dbg", string.Join(' ', files.Keys.Order(StringComparer.Ordinal)), "What 'dotnet publish' makes: the program and its symbols.");
            PublishedFiles.ElfFilesShouldBe(files, machine, loader);
            Assert.Contains("/app/hello", layout[platform].Config.Config!.Entrypoint!);
        }
    }

    [TestMethod]
    public async Task Without_a_cross_compiler_there_is_one_line_that_names_it_before_anything_is_compiled()
    {
        using var project = await TestProject.ConsoleAsync(Aot);

        // No Debian package has this one.
        var error = (await project.PublishAsync("-p:ContainerRuntimeIdentifiers=linux-musl-arm64")).ShouldFailWith("MARCH1032");

        Assert.Contains("aarch64-linux-musl-gcc", error);
        Assert.Contains("-r linux-musl-arm64", error);
        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "obj", "multiarch")));
    }
}

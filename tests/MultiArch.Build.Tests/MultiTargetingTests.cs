using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A project with TargetFrameworks.</summary>
[TestClass]
public sealed class MultiTargetingTests
{
    private const string TwoFrameworks = """
        <PropertyGroup>
          <TargetFramework />
          <TargetFrameworks>
            net10.0;
            netstandard2.0
          </TargetFrameworks>
          <LangVersion>14</LangVersion>
        </PropertyGroup>
        """;

    [TestMethod]
    [DataRow(PackageForm.Reference)]
    [DataRow(PackageForm.Sdk)]
    public async Task Without_a_framework_there_is_one_line_and_with_one_an_image(PackageForm form)
    {
        using var project = await TestProject.ConsoleAsync(TwoFrameworks, form: form);

        var publish = (await project.PublishAsync()).ShouldFailWith(DiagnosticCodes.TargetFrameworkNotNamed);
        Assert.Contains("net10.0, netstandard2.0", publish);
        Assert.Contains("-f <framework>", publish);
        (await project.DotnetAsync("msbuild", "-t:PublishMultiArchImage")).ShouldFailWith(DiagnosticCodes.TargetFrameworkNotNamed);
        (await project.DotnetAsync("msbuild", "-t:PublishContainer")).ShouldFailWith(DiagnosticCodes.TargetFrameworkNotNamed);
        (await project.DotnetAsync("publish", "-p:PublishProfile=DefaultContainer")).ShouldFailWith(DiagnosticCodes.TargetFrameworkNotNamed);
        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "bin")), "Nothing was built.");

        (await project.PublishAsync("-f", "net10.0")).ShouldSucceed();
        Assert.HasCount(2, OciLayout.Read(project.ImageFolder).Images);
    }

    [TestMethod]
    [DataRow(PackageForm.Reference)]
    [DataRow(PackageForm.Sdk)]
    public async Task Building_and_packing_run_nothing_of_ours(PackageForm form)
    {
        using var project = await TestProject.ConsoleAsync(TwoFrameworks, form: form);

        (await project.DotnetAsync("pack", "-p:PublishMultiArch=true", "-bl:pack.binlog")).ShouldSucceed();

        Assert.AreEqual("", string.Join(' ', BinaryLog.Read(Path.Combine(project.Folder, "pack.binlog")).Names().Where(ProductNames.AreOurs)));
        Assert.IsTrue(File.Exists(Path.Combine(project.Folder, "bin", "Release", "hello.1.0.0.nupkg")));
    }

    [TestMethod]
    public async Task Without_the_flag_the_error_is_dotnets_own()
    {
        using var project = await TestProject.ConsoleAsync(TwoFrameworks);

        var publish = (await project.DotnetAsync("publish")).ShouldFail();

        Assert.Contains("NETSDK1129", publish.Output);
        Assert.DoesNotContain("MARCH", publish.Output);
    }
}

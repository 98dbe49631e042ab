using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The .nupkg itself.</summary>
[TestClass]
public sealed class PackageTests
{
    private const string PackageFile = $"MultiArch.Build.{PackedPackage.Version}.nupkg";

    [TestMethod]
    public async Task It_holds_the_targets_the_tasks_a_schema_a_README_and_a_licence_and_nothing_else()
    {
        using var package = await OpenAsync();

        var build = Path.Combine(RepositoryFolder.Path, "build");
        var targets = Directory.EnumerateFiles(build, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(build, file).Replace('\\', '/'))
            .ToDictionary(file => file.Contains('/', StringComparison.Ordinal) ? file : $"build/{file}", file => File.ReadAllBytes(Path.Combine(build, file)));
        string[] expected =
        [
            .. targets.Keys,
            "LICENSE",
            "README.md",
            "image.schema.json",
            "tasks/net10.0/BouncyCastle.Cryptography.dll",
            "tasks/net10.0/MultiArch.Build.deps.json",
            "tasks/net10.0/MultiArch.Build.dll",
            "tasks/net10.0/MultiArch.Debian.dll",
            "tasks/net10.0/MultiArch.Oci.dll",
            "tasks/net10.0/Polly.Core.dll",
            "tasks/net10.0/SharpCompress.dll",
            "tasks/net10.0/YamlDotNet.dll",
            // What every NuGet package has.
            "MultiArch.Build.nuspec",
            "[Content_Types].xml",
            "_rels/.rels",
            "package/services/metadata/core-properties/nuget.psmdcp",
        ];
        CollectionAssert.AreEqual(expected.Order(StringComparer.Ordinal).ToArray(), package.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal).ToArray());
        CollectionAssert.IsSubsetOf(
            new[] { "build/MultiArch.Build.props", "buildMultiTargeting/MultiArch.Build.targets", "Sdk/Sdk.props", "Sdk/Sdk.targets" },
            targets.Keys.ToArray());
        foreach (var (name, content) in targets)
        {
            CollectionAssert.AreEqual(content, Read(package, name), $"{name} is packed as it stands.");
        }
    }

    [TestMethod]
    public async Task It_says_what_it_is_and_depends_on_nothing()
    {
        using var package = await OpenAsync();

        var metadata = XDocument.Parse(Encoding.UTF8.GetString(Read(package, "MultiArch.Build.nuspec")).TrimStart('\uFEFF')).Root!.Elements().Single();
        var values = metadata.Elements().ToDictionary(element => element.Name.LocalName);

        Assert.AreEqual("true", values["developmentDependency"].Value);
        Assert.AreEqual("MIT", values["license"].Value);
        Assert.AreEqual("expression", values["license"].Attribute("type")!.Value);
        Assert.AreEqual("README.md", values["readme"].Value);
        Assert.AreEqual("git", values["repository"].Attribute("type")!.Value);
        Assert.MatchesRegex("^[0-9a-f]{40}$", values["repository"].Attribute("commit")!.Value);
        Assert.IsFalse(values.ContainsKey("dependencies"), metadata.ToString());
        Assert.IsFalse(values.ContainsKey("frameworkReferences"), metadata.ToString());
    }

    [TestMethod]
    public async Task Two_clones_in_two_folders_pack_the_same_bytes()
    {
        using var first = await CheckoutCopy.CreateAsync();
        using var second = await CheckoutCopy.CreateAsync();
        (await new CommandLine("git", "-C", second.Folder, "checkout", "--quiet", "--detach").RunAsync()).ShouldSucceed();
        (await new CommandLine("git", "-C", second.Folder, "remote", "remove", "origin").RunAsync()).ShouldSucceed();

        var packages = new List<string>();
        foreach (var clone in new[] { first, second })
        {
            // Analyzers change no byte, and are half of the time: once is enough for their warnings.
            var pack = await new CommandLine("dotnet", "pack", "src/MultiArch.Build", "-c", "Release", "-o", "packed", $"-p:RunAnalyzers={clone == first}", "-nodeReuse:false", "--tl:off")
            {
                WorkingDirectory = clone.Folder,
                Environment = TestProject.CliEnvironment,
            }.RunAsync();
            Assert.DoesNotContain("warning ", pack.ShouldSucceed().Output, "A clone packs without a warning, with a remote and without.");
            packages.Add(Path.Combine(clone.Folder, "packed", PackageFile));
        }

        Assert.AreEqual(Describe(packages[0]), Describe(packages[1]));
        CollectionAssert.AreEqual(await File.ReadAllBytesAsync(packages[0]), await File.ReadAllBytesAsync(packages[1]), "The zip around the files too.");
    }

    [TestMethod]
    public async Task An_app_that_has_it_holds_nothing_of_it()
    {
        using var project = await TestProject.ConsoleAsync();

        (await project.DotnetAsync("publish")).ShouldSucceed();

        var publish = Path.Combine(project.Folder, "bin", "Release", TestProject.Framework, "publish");
        Assert.AreEqual("hello hello.deps.json hello.dll hello.pdb hello.runtimeconfig.json", string.Join(' ', Directory.EnumerateFiles(publish).Select(Path.GetFileName).Order(StringComparer.Ordinal)));
        Assert.DoesNotContain("MultiArch", await File.ReadAllTextAsync(Path.Combine(publish, "hello.deps.json")));
        using var assets = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(project.Folder, "obj", "project.assets.json")));
        var library = assets.RootElement.GetProperty("targets").GetProperty(TestProject.Framework).EnumerateObject().Single();
        Assert.AreEqual($"MultiArch.Build/{PackedPackage.Version}", library.Name, "It brings no other package.");
        Assert.AreEqual("build buildMultiTargeting type", string.Join(' ', library.Value.EnumerateObject().Select(part => part.Name).Order(StringComparer.Ordinal)), "It has nothing to compile against and nothing to run with.");
    }

    private static async Task<ZipArchive> OpenAsync() => await ZipFile.OpenReadAsync(Path.Combine(await PackedPackage.GetFeedAsync(), PackageFile));

    private static byte[] Read(ZipArchive package, string name)
    {
        using var entry = package.GetEntry(name)!.Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        return content.ToArray();
    }

    private static string Describe(string packageFile)
    {
        using var package = ZipFile.OpenRead(packageFile);
        return string.Join('\n', package.Entries.Select(entry => $"{entry.FullName} {entry.LastWriteTime:u} {Convert.ToHexStringLower(SHA256.HashData(Read(package, entry.FullName)))}"));
    }
}

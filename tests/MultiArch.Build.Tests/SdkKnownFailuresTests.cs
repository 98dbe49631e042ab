using System.Collections.Immutable;
using System.IO.Compression;
using System.Reflection.PortableExecutable;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What is reported against the SDK's own multi-platform publish, each with our outcome. One project has all of it; it is published once into a layout and once more to a registry.</summary>
/// <remarks>
/// Numbers are issues of dotnet/sdk and dotnet/sdk-container-builds. Others of them are in tests of their own: values and separators in
/// <see cref="HostileValuesTests"/>, one compilation in <see cref="CompilationTests"/>, glibc beside musl in <see cref="PlatformConditionTests"/>,
/// solutions in <see cref="SolutionTests"/>, Native AOT in <see cref="NativeAotTests"/>, the same digest again in <see cref="ReproducibleTests"/>.
/// </remarks>
[TestClass]
public sealed class SdkKnownFailuresTests
{
    /// <summary>ReadyToRun's machine is the processor's with the system's mark over it: IMAGE_FILE_MACHINE_OS_MASK of the runtime's pedecoder.h.</summary>
    private const ushort ReadyToRunLinux = 0x7B79;

    private static TestProject Project { get; set; } = null!; // set before any test
    private static OciLayout Layout { get; set; } = null!;
    private static IReadOnlyList<string> RegistryTags { get; set; } = [];

    [ClassInitialize]
    public static async Task PublishAsync(TestContext context)
    {
        Project = await TestProject.WebAsync("""
            <PropertyGroup>
              <ContainerRuntimeIdentifiers>linux-x64;linux-arm64</ContainerRuntimeIdentifiers>
              <PublishSelfContained>true</PublishSelfContained>
              <PublishReadyToRun>true</PublishReadyToRun>
              <GeneratePackageOnBuild>true</GeneratePackageOnBuild>
              <IsPackable>true</IsPackable>
              <PackageProjectUrl>https://example.org:8443/app?a=b;c=d</PackageProjectUrl>
              <MultiArchCreated>2026-11-23T16:05:04Z</MultiArchCreated>
            </PropertyGroup>
            <ItemGroup><ContainerEnvironmentVariable Include="ASPNETCORE_URLS" Value="http://+:8080" /></ItemGroup>
            """);
        Project.With("wwwroot/app.js", "console.log('static')\n");

        var publish = await Project.PublishAsync("-o", "out", "-m", "-bl:publish.binlog", "-p:ContainerImageTags=\"1.0;stable\"");
        publish.ShouldSucceed();
        Layout = OciLayout.Read(Path.Combine(Project.Folder, "out", "image"));

        using var registry = await RegistryProcess.StartAsync(context.CancellationToken);
        (await Project.PublishAsync($"-p:ContainerRegistry={registry.Address}", "-p:ContainerImageTags=\"1.0;stable\"")).ShouldSucceed();
        RegistryTags = [.. registry.Tags("web")];
    }

    [ClassCleanup]
    public static void RemoveProject() => Project.Dispose();

    /// <summary>https://github.com/dotnet/sdk/issues/52732: cut at the first colon.</summary>
    [TestMethod]
    public void Labels_and_variables_keep_their_URLs_and_times()
    {
        foreach (var image in Layout.Images)
        {
            Assert.AreEqual("https://example.org:8443/app?a=b;c=d", image.Labels["org.opencontainers.image.url"]);
            Assert.AreEqual("2026-11-23T16:05:04Z", image.Labels["org.opencontainers.image.created"]);
            Assert.Contains("ASPNETCORE_URLS=http://+:8080", image.Environment);
            Assert.AreEqual("8080/tcp", string.Join(' ', image.Config.Config!.ExposedPorts!.Keys));
        }
    }

    /// <summary>https://github.com/dotnet/sdk/issues/49972: one image, for the machine that publishes. NETSDK1047 with the platforms in ContainerRuntimeIdentifiers alone.</summary>
    [TestMethod]
    public void ReadyToRun_and_self_contained_in_the_project_make_every_platforms_image()
    {
        Assert.AreEqual("linux/amd64 linux/arm64", string.Join(' ', Layout.Images.Select(image => image.Platform)));
        Assert.IsTrue(Layout.Images.All(image => AssemblyContent.IsReadyToRun(image.Read("app/web.dll")) && image.Entries.Any(entry => entry.Name == "app/libcoreclr.so")));
    }

    /// <summary>https://github.com/dotnet/sdk/issues/46109: every platform published into one folder, and each image held whatever came last.</summary>
    [TestMethod]
    public void An_output_folder_mixes_no_architectures()
    {
        PublishedFiles.ElfFilesShouldBe(Layout["linux/amd64"].OfApp(), 62, "/lib64/ld-linux-x86-64.so");
        PublishedFiles.ElfFilesShouldBe(Layout["linux/arm64"].OfApp(), 183, "/lib/ld-linux-aarch64.so");
    }

    /// <summary>https://github.com/dotnet/sdk-container-builds/issues/650: one more tag for each platform and tag.</summary>
    [TestMethod]
    public void The_repository_has_the_tags_that_were_asked_for_and_no_others() =>
        Assert.AreEqual("1.0 stable", string.Join(' ', RegistryTags.Order(StringComparer.Ordinal)));

    /// <summary>https://github.com/dotnet/sdk-container-builds/issues/601, dotnet/sdk#37610: a list of tags on the command line.</summary>
    [TestMethod]
    public void Several_tags_name_one_index() => Assert.AreEqual("1.0 stable", string.Join(' ', Layout.Tags.Order(StringComparer.Ordinal)));

    /// <summary>https://github.com/dotnet/sdk-container-builds/issues/625: platforms that were built at once wrote each other's lists of static files.</summary>
    [TestMethod]
    public void Static_files_are_on_every_platform()
    {
        foreach (var image in Layout.Images)
        {
            Assert.AreEqual("console.log('static')\n", System.Text.Encoding.UTF8.GetString(image.Read("app/wwwroot/app.js")));
            Assert.IsTrue(image.Entries.Any(entry => entry.Name == "app/web.staticwebassets.endpoints.json"));
        }
    }

    /// <summary>https://github.com/dotnet/sdk/issues/47429: every platform's build packed the NuGet package, into one file.</summary>
    [TestMethod]
    public void A_package_made_on_build_is_made_once_and_leaves_the_images_alone()
    {
        Assert.AreEqual(1, BinaryLog.Read(Path.Combine(Project.Folder, "publish.binlog")).CountTasks("PackTask", "web.csproj"));
        using var package = ZipFile.OpenRead(Path.Combine(Project.Folder, "bin", "Release", "web.1.0.0.nupkg"));
        using var packed = new MemoryStream();
        using (var assembly = package.GetEntry($"lib/{TestProject.Framework}/web.dll")!.Open())
        {
            assembly.CopyTo(packed);
        }

        foreach (var image in Layout.Images)
        {
            Assert.IsFalse(image.Entries.Any(entry => entry.Name.EndsWith(".nupkg", StringComparison.Ordinal)), image.Platform.ToString());
            var published = image.Read("app/web.dll");
            Assert.AreEqual(string.Join('\n', AssemblyContent.Describe(packed.ToArray())), string.Join('\n', AssemblyContent.Describe(published)), image.Platform.ToString());
            using var file = new PEReader(ImmutableArray.Create(published));
            Assert.AreEqual(image.Platform.ToString() is "linux/arm64" ? Machine.Arm64 : Machine.Amd64, (Machine)((ushort)file.PEHeaders.CoffHeader.Machine ^ ReadyToRunLinux), image.Platform.ToString());
        }
    }

    /// <summary>https://github.com/dotnet/sdk-container-builds/issues/637: <c>web.exe</c>, or <c>dotnet web.dll</c>, where a self-contained app has neither.</summary>
    [TestMethod]
    public void A_self_contained_app_starts_by_its_own_program()
    {
        foreach (var image in Layout.Images)
        {
            Assert.AreEqual("/app/web", string.Join(' ', image.Config.Config!.Entrypoint!));
            Assert.IsTrue(image.Entries.Any(entry => entry.Name == "app/web"));
        }
    }

    /// <summary>https://github.com/dotnet/sdk/issues/46494, #44164: a push that failed was a warning, and the exit code 0.</summary>
    [TestMethod]
    public async Task A_registry_that_fails_fails_the_publish()
    {
        using var registry = new ScriptedRegistry { Otherwise = new Reply(500, "broken") };

        (await Project.PublishAsync($"-p:ContainerRegistry={registry.Address}")).ShouldFail();
    }
}

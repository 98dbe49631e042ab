using System.Text.Json;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Which platforms and which destination a publish the SDK's way has, read from the evaluation: nothing is built.</summary>
[TestClass]
public sealed class ContainerSettingsTests
{
    private const string Destination = "_MultiArchValidate;_MultiArchValidateNames;_MultiArchNameArchive";

    private static readonly Lazy<Task<TestProject>> Restored = new(RestoreAsync);

    [ClassCleanup]
    public static async Task RemoveProject()
    {
        if (Restored.IsValueCreated)
        {
            (await Restored.Value).Dispose();
        }
    }

    [TestMethod]
    [DataRow("linux-arm64", "true", "ContainerRuntimeIdentifier=linux-arm64", "RuntimeIdentifier=linux-x64", "ContainerRuntimeIdentifiers=linux-x64;linux-arm")]
    [DataRow("linux-x64", "true", "RuntimeIdentifier=linux-x64", "ContainerRuntimeIdentifiers=linux-arm64;linux-arm")]
    [DataRow("linux-arm64;linux-arm", "", "ContainerRuntimeIdentifiers=linux-arm64;linux-arm", "RuntimeIdentifiers=linux-x64;linux-arm64")]
    [DataRow("linux-x64;linux-arm64", "", "RuntimeIdentifiers=linux-x64;win-x64;linux-arm64", "PublishReadyToRun=true", "PublishSingleFile=true", "BuildingInsideVisualStudio=true")]
    [DataRow("linux-x64", "true", "RuntimeIdentifiers=linux-x64;osx-arm64")]
    [DataRow("linux-s390x", "true", "NETCoreSdkPortableRuntimeIdentifier=linux-musl-s390x", "RuntimeIdentifiers=win-x64;osx-arm64")]
    public async Task The_platforms_are_chosen_in_the_SDKs_order(string platforms, string isPlainImage, params string[] properties)
    {
        var settings = await ReadAsync("", properties);

        Assert.AreEqual(platforms, settings["_MultiArchRuntimeIdentifiers"]);
        Assert.AreEqual(isPlainImage, settings["_MultiArchSingleManifest"]);
    }

    [TestMethod]
    [DataRow("_MultiArchLocalRegistry", "auto")]
    [DataRow("_MultiArchLocalRegistry", "Podman", "LocalRegistry=Podman")]
    [DataRow("_MultiArchLocalRegistry", "", "ContainerRegistry=localhost:5000", "LocalRegistry=Podman")]
    [DataRow("_MultiArchLocalRegistry", "", "ContainerArchiveOutputPath=a.tar", "LocalRegistry=Podman")]
    [DataRow("_MultiArchArchive", "<project>/out/image.tar", "ContainerArchiveOutputPath=out/image.tar", "ContainerRegistry=localhost:5000")]
    [DataRow("_MultiArchArchive", "<project>/out/me/app.tar.gz", "ContainerArchiveOutputPath=out/", "ContainerRepository=me/app")]
    [DataRow("_MultiArchArchive", "<project>/image", "ContainerArchiveOutputPath=image")]
    [DataRow("_MultiArchArchive", "<project>/out.d/hello.tar.gz", "ContainerArchiveOutputPath=out.d/")]
    [DataRow("_MultiArchArchive", "<project>/existing.d/hello.tar.gz", "ContainerArchiveOutputPath=existing.d")]
    [DataRow("_MultiArchArchive", "<project>/existing.d/hello.tar", "ContainerArchiveOutputPath=existing.d", "PublishMultiArch=true")]
    [DataRow("_MultiArchArchive", "<project>/out/me/app.tar", "ContainerArchiveOutputPath=out/", "ContainerRepository=me/app", "PublishMultiArch=true")]
    [DataRow("ContainerRegistry", "registry.example", "RegistryUrl=registry.example")]
    [DataRow("ContainerImageTag", "from-dialog", "PublishImageTag=from-dialog")]
    public async Task The_destination_follows_from_the_SDKs_properties(string name, string value, params string[] properties)
    {
        var project = await Restored.Value;

        var settings = await ReadAsync(Destination, properties);

        Assert.AreEqual(value.Replace("<project>", project.Folder, StringComparison.Ordinal), settings[name]);
    }

    /// <summary>The SDK's own format has hours from 1 to 12, so that an afternoon's tag replaces a morning's.</summary>
    [TestMethod]
    public async Task A_generated_tag_is_the_time_with_hours_to_24()
    {
        var before = DateTime.UtcNow.AddSeconds(-1);

        var tag = (await ReadAsync(Destination, "AutoGenerateImageTag=true"))["ContainerImageTag"];

        var time = DateTime.ParseExact(tag, "yyyyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal | System.Globalization.DateTimeStyles.AdjustToUniversal);
        Assert.IsTrue(time >= before && time <= DateTime.UtcNow, tag);
    }

    [TestMethod]
    public async Task The_old_name_of_the_repository_works_and_is_warned_of()
    {
        var project = await Restored.Value;

        var command = await project.DotnetAsync(Arguments(project, Destination, ["ContainerImageName=me/old", "ContainerRepository=me/new"]));

        Assert.Contains("warning MARCH1017", command.ShouldSucceed().Output);
        using var settings = JsonDocument.Parse(command.StandardOutput[command.StandardOutput.IndexOf('{')..]);
        Assert.AreEqual("me/old", settings.RootElement.GetProperty("Properties").GetProperty("_MultiArchRepository").GetString());
    }

    private static async Task<TestProject> RestoreAsync()
    {
        var project = await TestProject.ConsoleAsync();
        Directory.CreateDirectory(Path.Combine(project.Folder, "existing.d"));
        (await project.DotnetAsync("restore")).ShouldSucceed();
        return project;
    }

    private static async Task<Dictionary<string, string>> ReadAsync(string targets, params IEnumerable<string> properties)
    {
        var project = await Restored.Value;
        var output = (await project.DotnetAsync(Arguments(project, targets, properties))).ShouldSucceed().StandardOutput;
        using var document = JsonDocument.Parse(output[output.IndexOf('{')..]);
        return document.RootElement.GetProperty("Properties").EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetString()!);
    }

    /// <summary>The evaluation that PublishContainer enters; without targets, nothing more than that.</summary>
    private static IEnumerable<string> Arguments(TestProject project, string targets, IEnumerable<string> properties) =>
    [
        "msbuild", "hello.csproj", .. targets.Length > 0 ? new[] { $"-t:{targets}" } : [],
        $"-p:_MultiArchPublish={project.Folder}/hello.csproj", $"-p:_MultiArchPublishContainer={project.Folder}/hello.csproj",
        .. properties.Select(property => property.Split('=', 2)).Select(pair => $"-p:{pair[0]}=\"{pair[1]}\""),
        "-getProperty:_MultiArchRuntimeIdentifiers,_MultiArchSingleManifest,_MultiArchArchive,_MultiArchLocalRegistry,_MultiArchRepository,ContainerRegistry,ContainerImageTag",
    ];
}

using MultiArch.Oci;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Which of docker and podman is taken, told with scripts in their places.</summary>
[TestClass]
public sealed class LocalEnginesTests
{
    private const string ReadInput = "[ $1 != load ] || cat > /dev/null; ";
    private const string RealDocker = "echo 'Client: Docker Engine - Community'";
    private const string DockerWithoutDaemon = "echo 'Client: Docker Engine - Community'; echo 'Cannot connect to the Docker daemon' >&2; exit 1";
    private const string PodmanAsDocker = "echo 'Client: Podman Engine'";

    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow("auto", RealDocker, true, "docker", "docker", DisplayName = "docker comes first")]
    [DataRow("auto", RealDocker, false, "docker", "docker", DisplayName = "docker alone")]
    [DataRow("auto", null, true, "podman", "podman", DisplayName = "podman alone")]
    [DataRow("auto", PodmanAsDocker, true, "podman", "podman", DisplayName = "docker is an alias of podman")]
    [DataRow("auto", PodmanAsDocker, false, "podman", "docker", DisplayName = "podman is there under the name of docker alone")]
    [DataRow("auto", DockerWithoutDaemon, true, "podman", "podman", DisplayName = "docker has no daemon")]
    [DataRow("auto", DockerWithoutDaemon, false, "docker", "docker", DisplayName = "docker alone, without daemon, says so itself")]
    [DataRow("Docker", DockerWithoutDaemon, true, "docker", "docker", DisplayName = "docker is asked for")]
    [DataRow("docker", PodmanAsDocker, true, "podman", "docker", DisplayName = "docker is asked for and is podman")]
    [DataRow("PODMAN", RealDocker, true, "podman", "podman", DisplayName = "podman is asked for")]
    public async Task The_engine_is_the_one_that_the_SDK_takes(string name, string? dockerScript, bool hasPodman, string command, string program)
    {
        using var docker = dockerScript is null ? null : new StandInProgram("docker", $"{ReadInput}{dockerScript}");
        using var podman = hasPodman ? new StandInProgram("podman", $"{ReadInput}exit 0") : null;
        using var folder = new TempDirectory();
        using var engine = await Engines(docker, podman).OpenAsync(name, "me/app", folder.Path, TestContext.CancellationToken);

        Assert.AreEqual((command, command is "podman" ? "localhost/me/app" : "me/app"), (engine.Command, engine.Name));

        // The program itself shows in what it is asked: here it is asked to take an image that is no index.
        var config = Document(MediaTypes.OciConfig, """{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}""");
        var manifest = new Oci.Formats.ImageManifest(MediaTypes.OciManifest, config.Describe(), []).ToDocument();
        await engine.WriteBlobAsync(config.Describe(), BlobSource.FromBytes(config.Bytes), TestContext.CancellationToken);
        await engine.WriteManifestAsync(manifest, TestContext.CancellationToken);
        var before = (docker?.Calls.Count, podman?.Calls.Count);
        try
        {
            await engine.TagAsync(manifest, ["1"], TestContext.CancellationToken);
        }
        catch (MultiArchException) when (dockerScript is DockerWithoutDaemon)
        {
            // What is asked for counts here, not what comes of it.
        }

        Assert.AreEqual(program is "docker", docker?.Calls.Count > before.Item1);
        Assert.AreEqual(program is "podman", podman?.Calls.Count > before.Item2);
    }

    [TestMethod]
    [DataRow("auto")]
    [DataRow("Docker")]
    [DataRow("Podman")]
    public void Without_an_engine_there_is_one_line_with_the_ways_out(string name)
    {
        using var folder = new TempDirectory();
        folder.Write("docker", "not executable");
        folder.Write("podman", "not executable");

        var error = Assert.ThrowsExactly<MultiArchException>(() => new LocalEngines($"relative:{folder.Path}").Require(name));

        Assert.AreEqual(DiagnosticCodes.NoLocalEngine, error.Code);
        foreach (var part in new[] { "Install podman or docker", "ContainerRegistry", "ContainerArchiveOutputPath" })
        {
            Assert.Contains(part, error.Message);
        }
    }

    [TestMethod]
    public void Another_name_is_refused_before_anything_is_looked_for()
    {
        var error = Assert.ThrowsExactly<MultiArchException>(() => new LocalEngines("").Require("wsl"));

        Assert.AreEqual(DiagnosticCodes.UnknownLocalRegistry, error.Code);
        Assert.Contains("'wsl'", error.Message);
    }

    private static LocalEngines Engines(params StandInProgram?[] programs) =>
        new(string.Join(Path.PathSeparator, programs.OfType<StandInProgram>().Select(program => Path.GetDirectoryName(program.Path))));

    private static Oci.Formats.Document Document(string mediaType, string text) => new(mediaType, System.Text.Encoding.UTF8.GetBytes(text));
}

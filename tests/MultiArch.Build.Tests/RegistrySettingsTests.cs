using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Hosts;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What properties and variables say about registries.</summary>
[TestClass]
public sealed class RegistrySettingsTests
{
    private readonly Dictionary<string, string> _environment = [];

    [TestMethod]
    public void Nothing_said_is_nothing_special()
    {
        var options = Read();

        Assert.IsEmpty(options.CertificateAuthorities);
        Assert.IsEmpty(options.InsecureRegistries);
        Assert.IsEmpty(options.Mirrors);
        Assert.IsNull(options.ChunkSize);
    }

    [TestMethod]
    [DataRow("registry:5000")]
    [DataRow("registry:5000;10.0.0.5:5000")]
    [DataRow(" registry:5000 , 10.0.0.5:5000 ;;")]
    public void Insecure_registries_are_separated_by_semicolons_or_commas(string value)
    {
        _environment["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = value;

        CollectionAssert.AreEqual(new[] { "registry:5000", "10.0.0.5:5000" }.Take(value.Contains('.', StringComparison.Ordinal) ? 2 : 1).ToArray(), Read().InsecureRegistries.ToArray());
    }

    [TestMethod]
    public void Mirrors_are_taken_in_their_order_and_Docker_Hub_by_all_its_names()
    {
        var options = Read(mirrors: ["docker.io=mirror.gcr.io", " index.docker.io = harbor.example.com:8443/hub/v2/ ", "", "ghcr.io=localhost:5000"]);

        CollectionAssert.AreEqual(
            new RegistryMirror[] { new("docker.io", "mirror.gcr.io", ""), new("docker.io", "harbor.example.com:8443", "hub/v2"), new("ghcr.io", "localhost:5000", "") },
            options.Mirrors.ToArray());
        Assert.AreEqual("harbor.example.com:8443/hub/v2/library/debian:12", $"{options.Mirrors[1].Locate(ImageReference.Parse("debian:12"))}");
    }

    [TestMethod]
    [DataRow("mirror.gcr.io"), DataRow("=mirror.gcr.io"), DataRow("docker.io="), DataRow("docker.io=https://mirror.gcr.io"), DataRow("docker.io=mirror.gcr.io/Upper"), DataRow("a=b=c")]
    public void What_is_no_mirror_is_told_with_an_example(string text) =>
        Fails(() => Read(mirrors: [text]), DiagnosticCodes.InvalidMirror, $"MultiArchRegistryMirrors '{text}' is no mirror", "docker.io=mirror.gcr.io");

    [TestMethod]
    public void Chunks_are_of_the_size_that_the_property_says_or_the_SDKs_variables()
    {
        _environment["DOTNET_CONTAINER_REGISTRY_CHUNKED_UPLOAD_SIZE_BYTES"] = "65536";
        Assert.IsNull(Read().ChunkSize, "A size alone forces no chunks, as with the SDK.");

        _environment["DOTNET_CONTAINER_DEBUG_REGISTRY_FORCE_CHUNKED_UPLOAD"] = "True";
        Assert.AreEqual(65536, Read().ChunkSize);
        Assert.AreEqual(10485760, Read(chunkSize: "10485760").ChunkSize);

        _environment.Remove("DOTNET_CONTAINER_REGISTRY_CHUNKED_UPLOAD_SIZE_BYTES");
        Assert.AreEqual(5 * 1024 * 1024, Read().ChunkSize);

        _environment["DOTNET_CONTAINER_DEBUG_REGISTRY_FORCE_CHUNKED_UPLOAD"] = "false";
        Assert.IsNull(Read().ChunkSize);
    }

    [TestMethod]
    [DataRow("5MB"), DataRow("0"), DataRow("-1"), DataRow("1e6"), DataRow("99999999999999999999")]
    public void What_is_no_size_is_told_with_the_property(string text) =>
        Fails(() => Read(chunkSize: text), DiagnosticCodes.InvalidChunkSize, $"MultiArchUploadChunkSize '{text}' is no size");

    [TestMethod]
    public void A_path_of_authorities_is_relative_to_the_project()
    {
        using var folder = new TempDirectory();
        using var authority = new TestCertificateAuthority();
        folder.Write("certificates/ca.pem", authority.Pem);

        Assert.AreEqual(authority.Certificate.Thumbprint, Read(folder.Path, "certificates/ca.pem").CertificateAuthorities.Single().Thumbprint);
        Fails(() => Read(folder.Path, "ca.pem"), DiagnosticCodes.InvalidCertificate, $"MultiArchCertificateAuthority '{folder["ca.pem"]}' cannot be used");
    }

    [TestMethod]
    public void Certificates_of_hosts_are_looked_for_where_podman_and_docker_do()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Windows has one place.");
        }

        _environment["HOME"] = "/home/me";

        CollectionAssert.AreEqual(new[] { "/home/me/.config/containers/certs.d", "/etc/containers/certs.d", "/etc/docker/certs.d" }, Read().CertificateFolders.ToArray());
    }

    [TestMethod]
    public void What_happens_on_the_way_reads_as_sentences()
    {
        var build = new RecordingBuild();
        var log = new RegistryEventLog(new SomeTask { BuildEngine = build }.Log, build);

        log.Report(new RegistryEvent.Retrying("r.io", "r.io, asked to tag app as 1.0, failed with 503.", TimeSpan.FromSeconds(2.345), 3, 6));
        log.Report(new RegistryEvent.Warning("r.io", "The token {0} ends soon."));
        log.Report(new RegistryEvent.MirrorUnusable("m.io/hub", "docker.io", "m.io refused the connection."));
        log.Report(new RegistryEvent.LocationUpgraded("r.io"));

        Assert.AreEqual(": r.io, asked to tag app as 1.0, failed with 503. Trying again in 2.3 s (3 of 6).", build.Messages[0]);
        Assert.AreEqual("MARCH4011: r.io says: The token {0} ends soon.", build.Messages[1]);
        Assert.StartsWith("MARCH4010: The mirror m.io/hub of docker.io is not asked again", build.Messages[2]);
        Assert.StartsWith("MARCH4012: r.io was asked by https", build.Messages[3]);
    }

    private RegistryOptions Read(string projectDirectory = "/nowhere", string certificateAuthority = "", string[]? mirrors = null, string chunkSize = "") =>
        new RegistrySettings(projectDirectory, certificateAuthority, mirrors ?? [], chunkSize, _environment.GetValueOrDefault).ToOptions();

    private static void Fails(Action action, string code, params string[] parts)
    {
        var exception = Assert.ThrowsExactly<MultiArchException>(action);
        Assert.AreEqual(code, exception.Code);
        foreach (var part in parts)
        {
            StringAssert.Contains(exception.Message, part);
        }
    }

    private sealed class SomeTask : Microsoft.Build.Utilities.Task
    {
        public override bool Execute() => true;
    }
}

using MultiArch.Oci.Formats;
using MultiArch.Oci.Audit;

namespace MultiArch.Oci.Tests.Audit;

/// <summary>What containerd, docker and podman were seen to do, and what their sources say.</summary>
[TestClass]
public sealed class ClientSelectionTests
{
    [TestMethod]
    // Seen with podman 4.3.1 and containerd 1.6.20.
    [DataRow("linux/arm64", "linux/arm64", 0, 0)]
    [DataRow("linux/arm64", "linux/arm64/v8", 0, 0)]
    [DataRow("linux/arm64", "linux/arm64/v9", null, null)]
    [DataRow("linux/amd64", "linux/amd64/v2", null, null)]
    [DataRow("linux/amd64", "linux/amd64", 0, 0)]
    [DataRow("linux/arm/v7", "linux/arm", 0, 0)]
    [DataRow("linux/arm/v7", "linux/arm/v7", 0, 0)]
    [DataRow("linux/arm/v7", "linux/arm/v6", 0, 0)]
    [DataRow("linux/arm/v6", "linux/arm/v7", null, null)]
    [DataRow("linux/arm/v6", "linux/arm", null, 0)]
    [DataRow("linux/arm/v6", "linux/arm/v6", 0, 0)]
    // A processor that also runs its predecessor's programs.
    [DataRow("linux/amd64", "linux/386", 0, null)]
    [DataRow("linux/arm64", "linux/arm/v7", 0, null)]
    [DataRow("linux/386", "linux/amd64", null, null)]
    // How names are spelt.
    [DataRow("linux/amd64", "linux/x86_64", 0, null)]
    [DataRow("linux/arm64", "linux/aarch64", 0, null)]
    [DataRow("linux/s390x", "linux/s390x", 0, 0)]
    [DataRow("linux/ppc64le", "linux/ppc64", null, null)]
    [DataRow("linux/riscv64", "linux/riscv64", 0, 0)]
    public void A_client_takes_an_entry_or_none(string host, string entry, int? byContainerd, int? byPodman)
    {
        Assert.AreEqual(byContainerd, Pick(HostClient.Containerd, host, entry), "containerd");
        Assert.AreEqual(byContainerd, Pick(HostClient.Docker, host, entry), "docker");
        Assert.AreEqual(byPodman, Pick(HostClient.Podman, host, entry), "podman");
    }

    [TestMethod]
    [DataRow("linux/arm/v7", "linux/arm/v5 linux/arm/v6 linux/arm/v7", 2)]
    [DataRow("linux/arm/v7", "linux/arm/v5 linux/arm/v6", 1)]
    [DataRow("linux/amd64", "linux/386 linux/amd64 linux/amd64", 1)]
    [DataRow("linux/arm64", "linux/amd64 linux/arm/v7 linux/arm64/v9", 1)]
    [DataRow("linux/amd64", "unknown/unknown linux/amd64", 1)]
    public void Containerd_and_docker_prefer_what_is_nearest_to_the_host_and_then_the_first(string host, string entries, int expected)
    {
        Assert.AreEqual(expected, Pick(HostClient.Containerd, host, entries.Split(' ')));
        Assert.AreEqual(expected, Pick(HostClient.Docker, host, entries.Split(' ')));
    }

    [TestMethod]
    public void An_entry_without_a_platform_is_taken_where_nothing_is_better()
    {
        foreach (var client in ClientSelection.Clients)
        {
            Assert.AreEqual(0, ClientSelection.Pick(client, Platform.LinuxArm64, [Entry(null), Entry("linux/amd64")]));
            Assert.AreEqual(1, ClientSelection.Pick(client, Platform.LinuxAmd64, [Entry(null), Entry("linux/amd64")]));
        }
    }

    [TestMethod]
    public void Podman_prefers_the_copy_that_is_marked_as_zstd_and_the_others_take_the_first()
    {
        var zstd = Entry("linux/amd64") with { Annotations = new Dictionary<string, string> { ["io.github.containers.compression.zstd"] = "true" } };

        Assert.AreEqual(1, ClientSelection.Pick(HostClient.Podman, Platform.LinuxAmd64, [Entry("linux/amd64"), zstd]));
        Assert.AreEqual(0, ClientSelection.Pick(HostClient.Containerd, Platform.LinuxAmd64, [Entry("linux/amd64"), zstd]));
        Assert.IsEmpty(NeverPicked.Find([Entry("linux/amd64"), zstd]).ToList());
    }

    [TestMethod]
    public void A_second_entry_of_a_platform_is_never_picked()
    {
        var found = NeverPicked.Find([Entry("linux/amd64"), Entry("linux/arm/v6"), Entry("linux/x86_64"), Entry("linux/loong64"), Entry("linux/arm/v6")]).ToList();

        CollectionAssert.AreEqual(new (int, int?)[] { (2, 0), (4, 1) }, found);
    }

    private static int? Pick(HostClient client, string host, params string[] entries) => ClientSelection.Pick(client, Platform.Parse(host), [.. entries.Select(Entry)]);

    private static Descriptor Entry(string? platform) => new(MediaTypes.OciManifest, Digest.Of("x"u8), 1, platform is null ? null : Platform.Parse(platform));
}

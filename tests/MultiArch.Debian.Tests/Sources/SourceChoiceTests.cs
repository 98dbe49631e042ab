using System.Text;
using MultiArch.Debian.Bases;
using MultiArch.Debian.Lock;
using MultiArch.Debian.Sources;
using MultiArch.Oci;
using MultiArch.Oci.Contents;

namespace MultiArch.Debian.Tests.Sources;

[TestClass]
public sealed class SourceChoiceTests
{
    private const string Bookworm = "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n";
    private const string Trixie = "ID=debian\nVERSION_ID=\"13\"\nVERSION_CODENAME=trixie\n";
    private const string Status = "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.36-9\n";

    private static readonly PackagePlan Plan = new("linux-arm64", "base:1", ["libfoo1"], [], []);

    [TestMethod]
    public void The_projects_word_comes_before_all_others()
    {
        var choice = Make(Plan with { Sources = [new PlannedSource("http://mine.test/debian", "bookworm", ["main"], null)] }, Base(Bookworm, "deb http://base.test/debian bookworm main"), Host(Bookworm, "deb http://host.test/debian bookworm main"));

        Assert.AreEqual(SourceOwner.Project, choice.Owner);
        Assert.AreEqual("deb http://mine.test/debian bookworm main", choice.Sources.Single().ToString());
    }

    [TestMethod]
    public void A_bases_own_sources_come_before_this_machines()
    {
        var choice = Make(Plan, Base(Trixie, "deb http://base.test/debian trixie main"), Host(Bookworm, "deb http://host.test/debian bookworm main"));

        Assert.AreEqual(SourceOwner.Base, choice.Owner);
        Assert.AreEqual("deb http://base.test/debian trixie main", choice.Sources.Single().ToString());
    }

    [TestMethod]
    public void Each_architecture_has_its_own_host_where_the_base_says_so()
    {
        var system = Base(Bookworm, "deb [arch=amd64] http://archive.test/ubuntu noble main\ndeb [arch=arm64] http://ports.test/ubuntu noble main");

        Assert.AreEqual("deb http://ports.test/ubuntu noble main", Make(Plan, system, Host(Bookworm, "")).Sources.Single().ToString());
    }

    [TestMethod]
    public void A_base_without_sources_takes_this_machines_of_the_same_release() =>
        Assert.AreEqual(SourceOwner.Host, Make(Plan, Base(Bookworm, ""), Host(Bookworm, "deb http://host.test/debian bookworm main")).Owner);

    [TestMethod]
    public void Those_of_another_release_are_never_mixed_in() => Refuses(
        Base(Trixie, ""), Host(Bookworm, "deb http://host.test/debian bookworm main"), "this machine's are for debian 12, and the base is debian 13");

    [TestMethod]
    public void A_machine_without_any_says_how_to_name_one() => Refuses(Base(Bookworm, ""), Host(Bookworm, ""), "this machine has no /etc/apt either");

    [TestMethod]
    public void Sources_for_other_architectures_are_none() => Refuses(
        Base(Bookworm, "deb [arch=amd64] http://archive.test/debian bookworm main"), Host(Bookworm, ""), "is for arm64");

    private static void Refuses(BaseSystem system, HostFiles host, string why)
    {
        var error = Assert.ThrowsExactly<MultiArchException>(() => Make(Plan, system, host));

        Assert.AreEqual(DiagnosticCodes.NoPackageSources, error.Code);
        Assert.Contains(why, error.Message);
        Assert.Contains("MultiArchOSPackageSource", error.Message);
    }

    private static SourceChoice Make(PackagePlan plan, BaseSystem system, HostFiles host) =>
        SourceChoice.Make(plan, system, AptConfiguration.Read(host, "this machine", isLocal: true), host, "arm64", checkValidUntil: true);

    private static BaseSystem Base(string release, string sources)
    {
        var tree = new MergedTree();
        foreach (var (path, content) in new[] { ("etc/os-release", release), ("etc/apt/sources.list", sources), ("var/lib/dpkg/status", Status) })
        {
            var bytes = Encoding.UTF8.GetBytes(content + "\n");
            tree.Put(path, new TreeEntry(TreeEntryType.File, 0b110_100_100, 0, 0) { Size = bytes.Length, Content = bytes });
        }

        return BaseSystem.Read("base:1", tree, isScratch: false);
    }

    private static HostFiles Host(string release, string sources) => new(new() { ["etc/os-release"] = release, ["etc/apt/sources.list"] = sources + "\n" });

    private sealed class HostFiles(Dictionary<string, string> files) : IRootFiles
    {
        public byte[]? ReadFile(string path) => files.TryGetValue(path, out var text) ? Encoding.UTF8.GetBytes(text) : null;

        public IEnumerable<string> List(string path) => [];
    }
}

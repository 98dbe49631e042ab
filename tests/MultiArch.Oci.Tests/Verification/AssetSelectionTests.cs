using System.Text;
using MultiArch.Oci.Inspection;
using MultiArch.Oci.Tests.Inspection;
using MultiArch.Oci.Verification;

namespace MultiArch.Oci.Tests.Verification;

/// <summary>Files below <c>runtimes/</c>: for this platform, or for another.</summary>
[TestClass]
public sealed class AssetSelectionTests
{
    private const string Portable = """
        {"targets":{".NETCoreApp,Version=v10.0":{"sqlite/1.0":{"runtimeTargets":{
          "runtimes/linux-x64/native/libe.so":{"rid":"linux-x64","assetType":"native"},
          "runtimes/linux-arm64/native/libe.so":{"rid":"linux-arm64","assetType":"native"},
          "runtimes/unix/lib/net10.0/e.dll":{"rid":"unix","assetType":"runtime"},
          "runtimes/win/lib/net10.0/e.dll":{"rid":"win","assetType":"runtime"}}}}}}
        """;

    [TestMethod]
    [DataRow("linux-x64", "runtimes/linux-x64/native/libe.so", false)]
    [DataRow("linux-x64", "runtimes/linux-arm64/native/libe.so", true)]
    [DataRow("linux-x64", "runtimes/win/lib/net10.0/e.dll", true)]
    [DataRow("linux-x64", "runtimes/osx-arm64/native/libe.dylib", true)]
    [DataRow("linux-x64", "runtimes/unix/lib/net10.0/e.dll", false)]
    [DataRow("linux-x64", "libe.so", false)]
    [DataRow("linux-x64", "runtimes/readme.txt", false)]
    [DataRow("linux-musl-x64", "runtimes/linux-x64/native/libe.so", false)]
    [DataRow("linux-musl-x64", "runtimes/linux-x64/native/unlisted.so", true)]
    [DataRow("linux-musl-x64", "runtimes/linux-musl-x64/native/unlisted.so", false)]
    [DataRow("linux-arm64", "runtimes/linux-x64/native/libe.so", true)]
    public void A_file_for_another_platform_is_known_by_its_folder_and_by_what_the_app_selects(string runtimeIdentifier, string path, bool isForOthers) =>
        Assert.AreEqual(isForOthers, new AssetSelection(runtimeIdentifier, Encoding.UTF8.GetBytes(Portable)).IsForOthers(path));

    [TestMethod]
    public void What_the_app_selects_counts_whatever_its_folder_is()
    {
        const string Selected = """{"targets":{"x/linux-x64":{"p/1.0":{"native":{"runtimes/win-x64/native/odd.so":{}}}}}}""";

        Assert.IsFalse(new AssetSelection("linux-x64", Encoding.UTF8.GetBytes(Selected)).IsForOthers("runtimes/win-x64/native/odd.so"));
    }

    [TestMethod]
    public void Only_the_files_of_others_may_be_for_another_processor()
    {
        var foreign = new SyntheticElf { Machine = 183 };
        var image = new TestImage().OnDebian().WithJson("/app/app.deps.json", Portable).With("/app/runtimes/linux-arm64/native/libe.so", foreign).With("/app/runtimes/linux-x64/native/libe.so", foreign);

        var fault = image.Faults().Single();

        Assert.AreEqual((FaultKind.ForeignMachine, "/app/runtimes/linux-x64/native/libe.so"), (fault.Kind, fault.Path));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("[1]")]
    [DataRow("""{"targets":[1]}""")]
    [DataRow("""{"targets":{"a":{"b":{"native":1,"runtimeTargets":{"x":2}}}}}""")]
    public void A_list_that_is_none_selects_nothing(string json) => Assert.IsTrue(new AssetSelection("linux-x64", Encoding.UTF8.GetBytes(json)).IsForOthers("runtimes/win/native/x.dll"));
}

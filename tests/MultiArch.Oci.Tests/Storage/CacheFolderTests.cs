using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Storage;

[TestClass]
public sealed class CacheFolderTests
{
    [TestMethod]
    public void A_link_is_none_of_its_files_whatever_it_leads_to()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Links need rights on Windows.");
        }

        using var folder = new TempDirectory();
        folder.Write("elsewhere", "something");
        var cache = new CacheFolder(folder.Path, capacity: 10);
        cache.Write("own", "something"u8);
        File.CreateSymbolicLink(folder["link"], folder["elsewhere"]);
        File.CreateSymbolicLink(folder["endless"], "/dev/zero");

        Assert.IsNotNull(cache.Read("own", maxSize: 100));
        Assert.IsNull(cache.Read("link", maxSize: 100));
        Assert.IsNull(cache.Read("endless", maxSize: 100));
    }

    [TestMethod]
    public void A_link_in_the_place_of_a_file_is_replaced_and_not_written_through()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Links need rights on Windows.");
        }

        using var folder = new TempDirectory();
        folder.Write("elsewhere", "of somebody");
        File.CreateSymbolicLink(folder["own"], folder["elsewhere"]);
        var cache = new CacheFolder(folder.Path, capacity: 10);

        cache.Write("own", "something"u8);

        Assert.AreEqual("of somebody", File.ReadAllText(folder["elsewhere"]));
        CollectionAssert.AreEqual("something"u8.ToArray(), cache.Read("own", maxSize: 100));
    }
}

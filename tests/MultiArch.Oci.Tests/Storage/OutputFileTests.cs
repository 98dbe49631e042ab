using System.Net.Sockets;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Tests.Layers;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Storage;

/// <summary>Where a file may be put that replaces what is there.</summary>
[TestClass]
public sealed class OutputFileTests
{
    [TestMethod]
    public void A_regular_file_and_a_new_one_have_nothing_in_their_way()
    {
        using var folder = new TempDirectory();
        folder.Write("empty", "");
        folder.Write("file", "content");
        File.CreateSymbolicLink(folder["link"], "file");
        File.CreateSymbolicLink(folder["dangling"], "new/folder/file");

        foreach (var name in new[] { "empty", "file", "link", "dangling", "new", "new/folder/file" })
        {
            Assert.IsNull(OutputFile.FindObstacle(folder[name]), name);
        }
    }

    [TestMethod]
    public void A_folder_and_a_place_below_a_file_are_told()
    {
        using var folder = new TempDirectory();
        folder.Write("file", "content");

        Assert.AreEqual("it is a folder", OutputFile.FindObstacle(folder.Path));
        Assert.AreEqual($"'{folder["file"]}' is a file, not a folder", OutputFile.FindObstacle(folder["file/new/report.json"]));
    }

    [TestMethod]
    [DataRow("c", "it is a device")]
    [DataRow("b", "it is a device")]
    [DataRow("p", "it is a named pipe")]
    public void What_is_special_is_told_by_its_own_name_and_by_a_link(string type, string obstacle)
    {
        Tool.Require("mknod");
        using var folder = new TempDirectory();
        var numbers = type is "p" ? Array.Empty<string>() : ["7", "199"];
        if (Shell.Run("mknod", [folder["special"], type, .. numbers]).ExitCode != 0)
        {
            Assert.Inconclusive("This user may not make devices.");
        }

        File.CreateSymbolicLink(folder["link"], "special");

        Assert.AreEqual(obstacle, OutputFile.FindObstacle(folder["special"]));
        Assert.AreEqual(obstacle, OutputFile.FindObstacle(folder["link"]));
    }

    [TestMethod]
    public void A_socket_is_told()
    {
        using var folder = new TempDirectory();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder["socket"]));

        Assert.AreEqual("it is a socket", OutputFile.FindObstacle(folder["socket"]));
    }

    [TestMethod]
    public void What_the_system_keeps_is_told_whatever_it_leads_to()
    {
        using var folder = new TempDirectory();
        File.CreateSymbolicLink(folder["link"], "/proc/self/fd/1");

        Assert.AreEqual("below /dev/ no file can be replaced", OutputFile.FindObstacle("/dev/of-the-test"));
        Assert.AreEqual("below /proc/ no file can be replaced", OutputFile.FindObstacle(folder["link"]));
        Assert.IsNull(OutputFile.FindObstacle("/dev/shm/of-the-test"));
    }

    [TestMethod]
    public void A_link_is_followed_to_its_end_and_a_circle_is_left_where_it_is()
    {
        using var folder = new TempDirectory();
        File.CreateSymbolicLink(folder["one"], "two");
        File.CreateSymbolicLink(folder["two"], folder["new"]);
        File.CreateSymbolicLink(folder["circle"], "circle");

        Assert.AreEqual(folder["new"], OutputFile.Follow(folder["one"]));
        Assert.AreEqual(folder["circle"], OutputFile.Follow(folder["circle"]));
        Assert.AreEqual(folder["none"], OutputFile.Follow(folder["none"]));
    }

    [TestMethod]
    public void An_empty_file_of_a_user_with_a_large_id_is_a_file()
    {
        Tool.Require("chown");
        using var folder = new TempDirectory();
        folder.Write("empty", "");
        if (Shell.Run("chown", ["1900000000:1900000000", folder["empty"]]).ExitCode != 0)
        {
            Assert.Inconclusive("This user may not give files away.");
        }

        Assert.IsNull(OutputFile.FindObstacle(folder["empty"]));
    }
}

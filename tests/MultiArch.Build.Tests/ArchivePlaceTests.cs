using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Places where no archive can be put, found before anything is compiled.</summary>
[TestClass]
public sealed class ArchivePlaceTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task A_pipe_is_refused_and_not_opened()
    {
        Tool.Require("mkfifo");
        using var folder = new TempDirectory();
        (await new CommandLine("mkfifo", folder["pipe"]).RunAsync(TestContext.CancellationToken)).ShouldSucceed();

        Assert.AreEqual($"Cannot write the archive '{folder["pipe"]}': it is a named pipe. Name another place in ContainerArchiveOutputPath.", Refuse(folder["pipe"]));
    }

    [TestMethod]
    public void What_the_system_keeps_is_refused() => Assert.Contains("below /dev/ no file can be replaced", Refuse("/dev/of-the-test"));

    [TestMethod]
    public void A_folder_that_is_there_takes_an_archive_and_one_that_will_be_made_as_well()
    {
        using var folder = new TempDirectory();

        ArchivePlace.Check(folder.Path);
        ArchivePlace.Check(folder["new/"]);
        ArchivePlace.Check(folder["new/image.tar"]);
    }

    private static string Refuse(string path)
    {
        var error = Assert.ThrowsExactly<MultiArchException>(() => ArchivePlace.Check(path));
        Assert.AreEqual(DiagnosticCodes.CannotWrite, error.Code);
        return error.Message;
    }
}

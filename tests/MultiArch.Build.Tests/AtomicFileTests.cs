using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Files that belong together are replaced together.</summary>
[TestClass]
public sealed class AtomicFileTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task If_one_cannot_be_written_none_is_and_nothing_is_left_behind()
    {
        using var folder = new TempDirectory();
        var first = folder.Write("first", "old");
        folder.Write("file", "no folder");

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(
            () => AtomicFile.WriteIfChangedAsync([(first, "new"u8.ToArray()), (folder["file/second"], "new"u8.ToArray())], TestContext.CancellationToken));

        Assert.AreEqual(DiagnosticCodes.CannotWrite, error.Code);
        Assert.Contains($"'{folder["file/second"]}'", error.Message);
        Assert.AreEqual("old", await File.ReadAllTextAsync(first, TestContext.CancellationToken));
        Assert.HasCount(2, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public async Task One_that_has_its_content_is_left_alone()
    {
        using var folder = new TempDirectory();
        var (same, other) = (folder.Write("same", "same"), folder["new/other"]);
        var longAgo = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(same, longAgo);

        await AtomicFile.WriteIfChangedAsync([(same, "same"u8.ToArray()), (other, "other"u8.ToArray())], TestContext.CancellationToken);

        Assert.AreEqual(longAgo, File.GetLastWriteTimeUtc(same));
        Assert.AreEqual("other", await File.ReadAllTextAsync(other, TestContext.CancellationToken));
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder["new"]));
    }

    [TestMethod]
    public async Task Another_file_than_a_regular_one_is_refused_and_stays_what_it_is()
    {
        Tool.Require("mkfifo");
        using var folder = new TempDirectory();
        (await new CommandLine("mkfifo", folder["pipe"]).RunAsync(TestContext.CancellationToken)).ShouldSucceed();
        File.CreateSymbolicLink(folder["link"], folder["pipe"]);
        Directory.CreateDirectory(folder["folder"]);

        foreach (var (name, obstacle) in new[] { ("pipe", "it is a named pipe"), ("link", "it is a named pipe"), ("folder", "it is a folder") })
        {
            var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => AtomicFile.WriteIfChangedAsync(folder[name], [], TestContext.CancellationToken));

            Assert.AreEqual($"Cannot write '{folder[name]}': {obstacle}. Name another place.", error.Message);
        }

        Assert.HasCount(3, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public async Task Of_a_file_of_another_length_nothing_is_read()
    {
        using var folder = new TempDirectory();
        await using (var sparse = File.Create(folder["report"]))
        {
            sparse.SetLength(3L << 30); // more than an array holds
        }

        await AtomicFile.WriteIfChangedAsync(folder["report"], "new"u8.ToArray(), TestContext.CancellationToken);

        Assert.AreEqual("new", await File.ReadAllTextAsync(folder["report"], TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task What_the_system_refuses_is_told_in_sentences_and_hidden_by_nothing()
    {
        using var folder = new TempDirectory();

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => AtomicFile.WriteIfChangedAsync(folder[new string('a', 300)], [], TestContext.CancellationToken));

        Assert.MatchesRegex("[^.]\\. Free space there, or correct its permissions, and try again\\.$", error.Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }
}

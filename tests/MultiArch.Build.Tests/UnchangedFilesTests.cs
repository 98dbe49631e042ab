using Microsoft.Build.Utilities;
using MultiArch.Build.Tasks;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A publish starts in an empty folder, and takes of the last one only what it would copy just so.</summary>
[TestClass]
public sealed class UnchangedFilesTests : IDisposable
{
    private static readonly DateTime Written = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_copy_of_its_source_is_moved_and_the_folder_is_empty_until_then()
    {
        Write("obj/app.dll", "one");
        Write("publish/lib/app.dll", "one");
        Write("publish/left.txt", "a hook's");

        SetAside();
        Assert.IsFalse(Directory.Exists(_folder["publish"]));

        Take(("obj/app.dll", @"lib\app.dll")); // as static web assets have it
        Assert.AreEqual("lib/app.dll", Published());
        Assert.AreEqual(Written, File.GetLastWriteTimeUtc(_folder["publish/lib/app.dll"]));
    }

    [TestMethod]
    public void A_file_is_not_taken_for_its_size_and_time()
    {
        Write("obj/app.dll", "two");
        Write("publish/app.dll", "one");

        SetAside();
        Take(("obj/app.dll", "app.dll"));

        Assert.AreEqual("", Published(), "A hook may write in place, and two versions of a file may be of one size and time.");
    }

    [TestMethod]
    public void Another_time_or_mode_is_copied_anew()
    {
        Write("obj/time.dll", "one");
        Write("obj/mode.dll", "one");
        Write("publish/time.dll", "one");
        Write("publish/mode.dll", "one");
        File.SetLastWriteTimeUtc(_folder["publish/time.dll"], Written.AddSeconds(1));
        TempDirectory.MakeExecutable(_folder["publish/mode.dll"]);

        SetAside();
        Take(("obj/time.dll", "time.dll"), ("obj/mode.dll", "mode.dll"));

        Assert.AreEqual("", Published());
    }

    [TestMethod]
    public void Of_two_sources_for_one_path_neither_is_taken()
    {
        Write("obj/first.dll", "one");
        Write("obj/second.dll", "two");
        Write("publish/app.dll", "two");

        SetAside();
        Take(("obj/first.dll", "app.dll"), ("obj/second.dll", "app.dll"));

        Assert.AreEqual("", Published());
    }

    [TestMethod]
    public void What_a_hook_has_put_there_in_this_publish_stays()
    {
        Write("obj/app.dll", "one");
        Write("publish/app.dll", "one");
        SetAside();
        Write("publish/app.dll", "a hook's");

        Take(("obj/app.dll", "app.dll"));

        Assert.AreEqual("a hook's", File.ReadAllText(_folder["publish/app.dll"]));
    }

    [TestMethod]
    public void Nothing_is_taken_from_behind_a_link_or_from_outside()
    {
        Write("obj/app.dll", "one");
        Write("elsewhere/app.dll", "one");
        Write("publish/left.txt", "x");
        Directory.CreateSymbolicLink(_folder["publish/linked"], _folder["elsewhere"]);
        File.CreateSymbolicLink(_folder["publish/link.dll"], _folder["elsewhere/app.dll"]);

        SetAside();
        Take(("obj/app.dll", "linked/app.dll"), ("obj/app.dll", "link.dll"), ("obj/app.dll", "../elsewhere/app.dll"));

        Assert.AreEqual("", Published());
        Assert.IsTrue(File.Exists(_folder["elsewhere/app.dll"]));
    }

    [TestMethod]
    public void What_a_publish_that_did_not_end_has_set_aside_is_gone()
    {
        Write("publish.last/app.dll", "older");
        Write("publish/app.dll", "one");

        SetAside();

        Assert.AreEqual("one", File.ReadAllText(_folder["publish.last/app.dll"]));
    }

    [TestMethod]
    public void A_file_is_compared_to_its_last_byte()
    {
        var content = new string('x', 300_000);
        Write("one", content);
        Write("same", content);
        Write("other", content[..^1] + "y");
        Write("longer", content + "x");

        Assert.IsTrue(FileBytes.AreEqual(_folder["one"], _folder["same"]));
        Assert.IsFalse(FileBytes.AreEqual(_folder["one"], _folder["other"]));
        Assert.IsFalse(FileBytes.AreEqual(_folder["one"], _folder["longer"]));
    }

    private void Write(string file, string content)
    {
        _folder.Write(file, content);
        File.SetLastWriteTimeUtc(_folder[file], Written);
    }

    private void SetAside() => Assert.IsTrue(new SetPublishFolderAside
    {
        BuildEngine = new SilentEngine(),
        PublishDirectory = _folder["publish/"],
        LastPublishDirectory = _folder["publish.last/"],
    }.Execute());

    private void Take(params IEnumerable<(string Source, string Path)> files) => Assert.IsTrue(new TakeUnchangedFiles
    {
        BuildEngine = new SilentEngine(),
        Files = [.. files.Select(file =>
        {
            var item = new TaskItem(_folder[file.Source]);
            item.SetMetadata("RelativePath", file.Path);
            return item;
        })],
        PublishDirectory = _folder["publish/"],
        LastPublishDirectory = _folder["publish.last/"],
    }.Execute());

    private string Published() => Directory.Exists(_folder["publish"])
        ? string.Join(' ', Directory.EnumerateFiles(_folder["publish"], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder["publish"], file)))
        : "";
}

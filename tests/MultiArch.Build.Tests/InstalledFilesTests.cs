using Microsoft.Build.Utilities;
using MultiArch.Build.Tasks;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Reference assemblies and analyzers: some hundred files of .NET and of packages, which a fingerprint names by their version and does not read.</summary>
[TestClass]
public sealed class InstalledFilesTests
{
    private static readonly DateTime Installed = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [TestMethod]
    public void A_package_that_was_replaced_changes_the_fingerprint_and_a_source_of_equal_size_and_time_too()
    {
        using var folder = new TempDirectory();
        Write(folder, "packages/a/1.0.0/a.dll", "one", Installed);
        Write(folder, "app/gen.cs", "one", Installed);
        var first = Fingerprint(folder);
        Assert.AreEqual(first, Fingerprint(folder));

        Write(folder, "packages/a/1.0.0/a.dll", "two", Installed.AddSeconds(1));
        var replaced = Fingerprint(folder);
        Assert.AreNotEqual(first, replaced, "Another build of the same version.");

        Write(folder, "packages/a/1.0.0/a.dll", "three", Installed.AddSeconds(1));
        Assert.AreNotEqual(replaced, Fingerprint(folder), "Another size.");

        File.Delete(folder["packages/a/1.0.0/a.dll"]);
        Assert.Contains("(missing)", Fingerprint(folder));

        Write(folder, "packages/a/1.0.0/a.dll", "one", Installed);
        Assert.AreEqual(first, Fingerprint(folder));
        Write(folder, "app/gen.cs", "two", Installed);
        Assert.AreNotEqual(first, Fingerprint(folder), "What is not installed stands with its content.");
    }

    [TestMethod]
    public void In_a_folder_that_holds_the_project_too_everything_is_read()
    {
        using var folder = new TempDirectory();
        Write(folder, "packages/a/1.0.0/a.dll", "one", Installed);
        Write(folder, "app/gen.cs", "one", Installed);
        var first = Fingerprint(folder, folder.Path);

        Write(folder, "app/gen.cs", "two", Installed);

        Assert.AreNotEqual(first, Fingerprint(folder, folder.Path));
    }

    private static string Fingerprint(TempDirectory folder, string? installed = null)
    {
        var task = new FingerprintCompilation
        {
            BuildEngine = new SilentEngine(),
            Files = [new TaskItem(folder["packages/a/1.0.0/a.dll"]), new TaskItem(folder["app/gen.cs"])],
            InstalledFolders = ["", installed ?? folder["packages"]],
            IntermediateFolder = folder["app/obj/"],
            FingerprintFile = "fingerprint",
        };
        Assert.IsTrue(task.Execute());
        return File.ReadAllText(folder["app/obj/fingerprint"]);
    }

    private static void Write(TempDirectory folder, string file, string content, DateTime written)
    {
        folder.Write(file, content);
        File.SetLastWriteTimeUtc(folder[file], written);
    }
}

using MultiArch.Oci;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Testing;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace MultiArch.Build.Tests;

/// <summary>Files that a project puts into the image beside what it publishes: where they lie, whose they are, and what is refused.</summary>
[TestClass]
public sealed class MultiArchFileTests
{
    [TestMethod]
    public async Task Files_lie_where_the_project_says_with_mode_and_owner_and_for_the_platforms_it_says()
    {
        using var project = await TestProject.ConsoleAsync("""
            <ItemGroup>
              <MultiArchFile Include="etc/app.conf" TargetPath="/etc/app.conf" Mode="0640" Owner="1654" />
              <MultiArchFile Include="tools/**/*" TargetPath="/opt/tools/" Owner="10:20" />
              <MultiArchFile Include="data.bin" TargetPath="data/" Mode="04755" />
              <MultiArchFile Include="made/later.txt" TargetPath="/tmp/later.txt" />
              <MultiArchFile Include="mine.crt" TargetPath="/usr/local/share/ca-certificates/" />
              <MultiArchFile Include="arm.txt" TargetPath="renamed.txt" Condition="'$(RuntimeIdentifier)' == 'linux-arm64'" />
            </ItemGroup>
            <Target Name="Make" BeforeTargets="BeforeBuild"><WriteLinesToFile File="made/later.txt" Lines="late" Overwrite="true" /></Target>
            """);
        using var authority = new TestCertificateAuthority();
        project.With("mine.crt", authority.Pem).With("etc/app.conf", "conf").With("tools/run.sh", "#!/bin/sh\n").With("tools/deep/er/x.txt", "x").With("real.bin", "bytes").With("arm.txt", "arm");
        File.CreateSymbolicLink(Path.Combine(project.Folder, "data.bin"), "real.bin");

        (await project.PublishAsync()).ShouldSucceed();

        var layout = OciLayout.Read(project.ImageFolder);
        var image = layout["linux/arm64"];
        var files = image.Layers[1].ToDictionary(entry => entry.Name, entry => $"{Convert.ToString((int)entry.Mode, 8)} {entry.Uid}:{entry.Gid}");
        Assert.AreEqual("640 1654:1654", files["etc/app.conf"]);
        Assert.AreEqual("755 10:20", files["opt/tools/run.sh"], "Without a Mode the content decides.");
        Assert.AreEqual("644 10:20", files["opt/tools/deep/er/x.txt"], "A glob keeps the folders below it.");
        Assert.AreEqual("4755 0:0", files["app/data/data.bin"], "A relative path lies below the working directory.");
        Assert.AreEqual("bytes", System.Text.Encoding.UTF8.GetString(image.Read("app/data/data.bin")), "A link is what it leads to.");
        Assert.AreEqual("644 0:0", files["tmp/later.txt"], "A build may make the source.");
        Assert.AreEqual("1777 0:0", files["tmp/"], "The folder stays what it is in every base.");
        Assert.AreEqual("755 0:0", files["opt/tools/"]);
        Assert.AreEqual("arm", System.Text.Encoding.UTF8.GetString(image.Read("app/renamed.txt")));
        Assert.IsTrue(image.Layers[2].Any(entry => entry.Name == "app/hello.dll"), "The app has a layer of its own, above.");
        Assert.IsFalse(layout["linux/amd64"].Entries.Any(entry => entry.Name == "app/renamed.txt"));
        Assert.AreEqual(authority.Pem + "\n", System.Text.Encoding.UTF8.GetString(image.Read("etc/ssl/certs/ca-certificates.crt")), "An authority needs no package to be trusted.");
        Assert.IsFalse(image.Entries.Any(entry => entry.Name == "etc/passwd"), "A certificate makes no system of an empty base.");
        Assert.IsFalse(File.Exists(Path.Combine(project.Folder, "multiarch.lock.json")), "Nobody asked for a lock.");
    }

    [TestMethod]
    public async Task A_source_that_no_target_has_made_ends_the_publish()
    {
        using var project = await TestProject.ConsoleAsync("""<ItemGroup><MultiArchFile Include="gone.txt" TargetPath="/x" /></ItemGroup>""");

        var error = (await project.PublishAsync("-r", "linux-x64")).ShouldFailWith(DiagnosticCodes.SourceMissing);

        Assert.Contains("'gone.txt'", error);
        Assert.IsFalse(Directory.Exists(project.ImageFolder));
    }

    [TestMethod]
    [DataRow("", "", "", DiagnosticCodes.InvalidTargetPath, DisplayName = "no path")]
    [DataRow("../x", "", "", DiagnosticCodes.InvalidTargetPath, DisplayName = "upwards")]
    [DataRow("a/./x", "", "", DiagnosticCodes.InvalidTargetPath, DisplayName = "a dot")]
    [DataRow("/a//x", "", "", DiagnosticCodes.InvalidTargetPath, DisplayName = "two slashes")]
    [DataRow("/a/.wh.x", "", "", DiagnosticCodes.InvalidPath, DisplayName = "a deletion")]
    [DataRow("/x", "999", "", DiagnosticCodes.InvalidMode)]
    [DataRow("/x", "493", "", DiagnosticCodes.InvalidMode, DisplayName = "0755 as a decimal number")]
    [DataRow("/x", "7", "", DiagnosticCodes.InvalidMode)]
    [DataRow("/x", "10755", "", DiagnosticCodes.InvalidMode)]
    [DataRow("/x", "u+x", "", DiagnosticCodes.InvalidMode)]
    [DataRow("/x", "", "app", DiagnosticCodes.InvalidOwner)]
    [DataRow("/x", "", "1:", DiagnosticCodes.InvalidOwner)]
    [DataRow("/x", "", "-1", DiagnosticCodes.InvalidOwner)]
    [DataRow("/x", "", "1:2:3", DiagnosticCodes.InvalidOwner)]
    [DataRow("/x", "", "4294967296", DiagnosticCodes.InvalidOwner)]
    public void A_value_that_means_nothing_has_its_code(string targetPath, string mode, string owner, string code)
    {
        var error = Assert.ThrowsExactly<MultiArchException>(() => MultiArchFiles.Read([Item("file.txt", targetPath, mode, owner)], "/app"));

        Assert.AreEqual(code, error.Code);
        Assert.Contains("file.txt", error.Message);
    }

    [TestMethod]
    [DataRow("755", 0b111_101_101)]
    [DataRow("0644", 0b110_100_100)]
    [DataRow("02750", 0b010_111_101_000)]
    public void A_mode_is_octal_with_or_without_a_zero(string text, int mode) =>
        Assert.AreEqual(mode, MultiArchFiles.Read([Item("file.txt", "/x", text)], "/app").Files[0].Mode);

    [TestMethod]
    [DataRow("/etc/", "/app", "etc/file.txt")]
    [DataRow("/", "/app", "file.txt")]
    [DataRow(@"conf\x.txt", "/srv/web/", "srv/web/conf/x.txt")]
    [DataRow("x", "/", "x")]
    public void A_path_is_absolute_or_below_the_working_directory(string targetPath, string workingDirectory, string path) =>
        Assert.AreEqual(path, MultiArchFiles.Read([Item("some/file.txt", targetPath)], workingDirectory).Files[0].Path);

    [TestMethod]
    public void Two_items_at_one_path_are_refused()
    {
        var error = Assert.ThrowsExactly<MultiArchException>(() => MultiArchFiles.Read([Item("a.txt", "/app/x"), Item("b.txt", "x")], "/app"));

        Assert.AreEqual(DiagnosticCodes.PathTwice, error.Code);
        Assert.Contains("a.txt", error.Message);
        Assert.Contains("b.txt", error.Message);
    }

    [TestMethod]
    [DataRow("/app/hello.dll", DisplayName = "a file of the app")]
    [DataRow("/app/hello.dll/x", DisplayName = "a file of the app as a folder")]
    [DataRow("/app", DisplayName = "the app's folder as a file")]
    public void A_path_that_the_app_has_is_refused(string targetPath)
    {
        var app = new LayerPlan("app", [new LayerFile("app/hello.dll", "/publish/hello.dll")]);
        var settings = new ImageSettings("", "/app", null, new StartCommand([], [], [], [], [], null), [], new Dictionary<string, string>(), [], new Dictionary<string, string>(), GeneratedLabels.None);
        var plan = new ImagePlan("linux-x64", "scratch", [MultiArchFiles.Read([Item("mine.txt", targetPath)], "/app"), app], settings);

        var error = Assert.ThrowsExactly<MultiArchException>(plan.Validate);

        Assert.AreEqual(DiagnosticCodes.PathTwice, error.Code);
        Assert.Contains("mine.txt", error.Message);
        Assert.Contains("/publish/hello.dll", error.Message);
    }

    [TestMethod]
    public void A_folder_is_no_source()
    {
        using var folder = new TempDirectory();

        var error = Assert.ThrowsExactly<MultiArchException>(() => MultiArchFiles.Read([Item(folder.Path, "/x/")], "/app"));

        Assert.AreEqual(DiagnosticCodes.SourceIsFolder, error.Code);
        Assert.Contains($"{folder.Path}/**", error.Message);
    }

    [TestMethod]
    [DataRow("gone")]
    [DataRow("link", DisplayName = "itself")]
    public void A_link_to_nothing_is_no_source(string target)
    {
        using var folder = new TempDirectory();
        File.CreateSymbolicLink(folder["link"], target);

        Assert.AreEqual(
            DiagnosticCodes.SourceMissing,
            Assert.ThrowsExactly<MultiArchException>(() => MultiArchFiles.RequireSources([Item(folder["link"], "/x")])).Code);
    }

    private static TaskItem Item(string source, string targetPath, string mode = "", string owner = "") =>
        new(source, new Dictionary<string, string> { ["TargetPath"] = targetPath, ["Mode"] = mode, ["Owner"] = owner });
}

using Microsoft.Build.Utilities;
using MultiArch.Build.Tasks;
using MultiArch.Oci;
using MultiArch.Oci.Publishing;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Copies of Kubernetes files that name images by digest: all of them, or none.</summary>
[TestClass]
public sealed class ResolveKubernetesFilesTests
{
    private readonly SilentEngine _engine = new();

    [TestMethod]
    public void Copies_are_laid_out_as_the_project_is_and_the_sources_stay()
    {
        using var folder = new TempDirectory();
        Report(folder, "web.json", SampleReport.Web);
        Report(folder, "api.json", SampleReport.Web with { Project = "Api", Registry = "localhost:5000", Repository = "api" });
        var source = folder.Write("k8s/base/app.yaml", "image: multiarch://web\n---\nimage: multiarch://Api\n");
        folder.Write("k8s/other.yaml", "a: 1\n");
        folder.Write("k8s/out/stale.yaml", "image: ghcr.io/me/gone@sha256:1\nargs: --image=multiarch://web\n");

        var task = Resolve(folder, ["k8s/base/app.yaml", "k8s/other.yaml", "k8s/out/stale.yaml"], "web.json", "api.json");

        Assert.IsTrue(task.Execute(), Errors());
        Assert.AreEqual($"image: ghcr.io/me/web@{SampleReport.Index}\n---\nimage: localhost:5000/api@{SampleReport.Index}\n", File.ReadAllText(folder["k8s/out/k8s/base/app.yaml"]));
        Assert.AreEqual("a: 1\n", File.ReadAllText(folder["k8s/out/k8s/other.yaml"]));
        Assert.AreEqual("image: multiarch://web\n---\nimage: multiarch://Api\n", File.ReadAllText(source));
        Assert.AreEqual($"{folder["k8s/out/k8s/base/app.yaml"]} {folder["k8s/out/k8s/other.yaml"]}", string.Join(' ', task.Copies.Select(copy => copy.ItemSpec)), "What an earlier run wrote is no source.");
    }

    [TestMethod]
    public void An_unknown_name_is_an_error_at_its_place_and_nothing_is_written()
    {
        using var folder = new TempDirectory();
        Report(folder, "web.json", SampleReport.Web);
        folder.Write("a.yaml", "image: multiarch://web\n");
        folder.Write("b.yaml", "a: 1\nc:\n- image: multiarch://Web\n- image: multiarch://\n");

        Assert.IsFalse(Resolve(folder, ["a.yaml", "b.yaml"], "web.json").Execute());

        Assert.AreEqual(
            $"{folder["b.yaml"]} 3:10 MARCH5011: 'multiarch://Web' names no image. Known are: web. Correct the name, or name that project's image.json in MultiArchKubernetesFrom.",
            Error(0));
        Assert.StartsWith($"{folder["b.yaml"]} 4:10 MARCH5011: 'multiarch://' names no image.", Error(1));
        Assert.IsFalse(Directory.Exists(folder["k8s/out"]));
    }

    [TestMethod]
    [DataRow("'multiarch://web '", "there is a space before or behind the name in 'multiarch://web'. Take it out")]
    [DataRow("\"multiarch://\u00A0web\"", "there is a space before or behind the name in 'multiarch://web'. Take it out")]
    [DataRow("MULTIARCH://web", "'MULTIARCH://' is not 'multiarch://'. Write it in lower case")]
    public void A_name_that_is_almost_one_is_an_error_that_says_what_to_change(string value, string says)
    {
        using var folder = new TempDirectory();
        Report(folder, "web.json", SampleReport.Web);
        folder.Write("a.yaml", $"image: multiarch://web\nother: {value}\n");

        Assert.IsFalse(Resolve(folder, ["a.yaml"], "web.json").Execute());

        Assert.AreEqual($"{folder["a.yaml"]} 2:8 MARCH5011: This names no image: {says}.", Error(0));
        Assert.IsFalse(Directory.Exists(folder["k8s/out"]));
    }

    [TestMethod]
    public void A_file_that_is_no_YAML_is_an_error_at_its_place()
    {
        using var folder = new TempDirectory();
        folder.Write("a.yaml", "a: 1\nb: [1\n");

        Assert.IsFalse(Resolve(folder, ["a.yaml"]).Execute());

        Assert.StartsWith($"{folder["a.yaml"]} 3:1 MARCH5010: This file cannot be resolved: it is no YAML: ", Error(0));
    }

    [TestMethod]
    public void An_image_in_no_registry_is_an_error_only_where_it_is_named()
    {
        using var folder = new TempDirectory();
        Report(folder, "web.json", SampleReport.Web);
        Report(folder, "api.json", SampleReport.Web with { Project = "api", Registry = null, Name = "/src/image" });
        folder.Write("a.yaml", "image: multiarch://web\n");
        folder.Write("b.yaml", "image: multiarch://api\n");

        Assert.IsTrue(Resolve(folder, ["a.yaml"], "web.json", "api.json").Execute(), Errors());
        Assert.IsFalse(Resolve(folder, ["a.yaml", "b.yaml"], "web.json", "api.json").Execute());

        Assert.StartsWith($"{folder["b.yaml"]} 1:8 MARCH5013: 'multiarch://api' is in no registry: '{folder["api.json"]}' tells of an image at '/src/image'.", Error(0));
    }

    [TestMethod]
    public void A_platform_that_was_pushed_by_digest_is_resolved_with_a_warning()
    {
        using var folder = new TempDirectory();
        var part = SampleReport.Web with { Index = null, Tags = [], Names = [], Platforms = [SampleReport.Web.Platforms[0]] };
        Report(folder, "part.json", part);
        Report(folder, "single.json", part with { Project = "single", Tags = ["1.0"] });
        folder.Write("a.yaml", "image: multiarch://single\nother: multiarch://web\n");

        Assert.IsTrue(Resolve(folder, ["a.yaml"], "part.json", "single.json").Execute(), Errors());

        var warning = _engine.Warnings.Single();
        Assert.AreEqual(("MARCH5017", folder["a.yaml"], 2, 8), (warning.Code, warning.File, warning.LineNumber, warning.ColumnNumber));
        Assert.AreEqual(
            $"'multiarch://web' becomes an image of linux/amd64 alone, which was pushed by digest as a part: '{folder["part.json"]}' tells of no other. Name the image.json that CombineMultiArchImage leaves.",
            warning.Message);
        Assert.Contains("ghcr.io/me/web@", File.ReadAllText(folder["k8s/out/a.yaml"]));
    }

    [TestMethod]
    public void One_project_with_two_images_is_an_error_and_the_same_image_twice_is_none()
    {
        using var folder = new TempDirectory();
        Report(folder, "x64.json", SampleReport.Web);
        Report(folder, "again.json", SampleReport.Again);
        Report(folder, "arm64.json", SampleReport.Web with { Digest = Digest.Parse(SampleReport.DigestOf('8')) });
        folder.Write("a.yaml", "image: multiarch://web\n");

        Assert.IsTrue(Resolve(folder, ["a.yaml"], "x64.json", "again.json").Execute(), Errors());
        Assert.IsFalse(Resolve(folder, ["a.yaml"], "x64.json", "arm64.json").Execute());

        Assert.Contains("MARCH5012: 'multiarch://web' is two images:", Error(0));
    }

    [TestMethod]
    [DataRow("{}")]
    [DataRow("{\"schemaVersion\": 7}")]
    [DataRow(null)]
    public void What_is_no_image_json_is_an_error(string? content)
    {
        using var folder = new TempDirectory();
        folder.Write("a.yaml", "a: 1\n");
        if (content is not null)
        {
            folder.Write("web.json", content);
        }

        Assert.IsFalse(Resolve(folder, ["a.yaml"], "web.json").Execute());

        Assert.Contains("MARCH5014", Error(0));
        Assert.Contains(folder["web.json"], Error(0));
    }

    [TestMethod]
    public void A_report_that_would_write_something_else_than_a_reference_is_refused()
    {
        using var folder = new TempDirectory();
        Report(folder, "web.json", SampleReport.Web with { Registry = "evil\n  privileged: true #" });
        folder.Write("a.yaml", "image: multiarch://web\n");

        Assert.IsFalse(Resolve(folder, ["a.yaml"], "web.json").Execute());

        Assert.Contains("MARCH5014", Error(0));
    }

    [TestMethod]
    public void Two_sources_of_one_copy_are_an_error()
    {
        using var folder = new TempDirectory();
        folder.Write("one/a.yaml", "a: 1\n");
        folder.Write("two/a.yaml", "a: 2\n");
        var task = Resolve(folder, [folder["one/a.yaml"], folder["two/a.yaml"]]);
        task.ProjectDirectory = folder["project"];

        Assert.IsFalse(task.Execute());

        Assert.Contains("MARCH5015", Error(0));
        Assert.IsFalse(Directory.Exists(folder["k8s"]));
    }

    [TestMethod]
    public void No_file_at_all_is_an_error()
    {
        using var folder = new TempDirectory();

        Assert.IsFalse(Resolve(folder, []).Execute());

        Assert.Contains("MARCH5010: There is no MultiArchKubernetesFile", Error(0));
    }

    [TestMethod]
    public void A_copy_without_a_source_is_removed_and_what_others_wrote_or_changed_stays()
    {
        using var folder = new TempDirectory();
        Report(folder, "web.json", SampleReport.Web);
        string[] sources = ["k8s/app.yaml", "k8s/gone/old.yaml", "k8s/changed.yaml"];
        foreach (var source in sources)
        {
            folder.Write(source, "image: multiarch://web\n");
        }

        Assert.IsTrue(Resolve(folder, sources, "web.json").Execute(), Errors());
        folder.Write("k8s/out/k8s/changed.yaml", "mine: 1\n");
        folder.Write("k8s/out/others.yaml", "a: 1\n");
        Assert.IsTrue(Resolve(folder, ["k8s/app.yaml"], "web.json").Execute(), Errors());

        Assert.AreEqual("k8s/app.yaml k8s/changed.yaml others.yaml", Copies(folder));
        Assert.IsFalse(Directory.Exists(folder["k8s/out/k8s/gone"]));
    }

    [TestMethod]
    public void After_an_error_every_copy_is_as_it_was()
    {
        using var folder = new TempDirectory();
        folder.Write("a.yaml", "a: 1\n");
        folder.Write("b.yaml", "b: 1\n");
        Assert.IsTrue(Resolve(folder, ["a.yaml", "b.yaml"]).Execute(), Errors());
        folder.Write("a.yaml", "image: multiarch://unknown\n");

        Assert.IsFalse(Resolve(folder, ["a.yaml"]).Execute());

        Assert.AreEqual("a.yaml b.yaml", Copies(folder));
    }

    [TestMethod]
    public void A_record_that_names_files_elsewhere_removes_none()
    {
        using var folder = new TempDirectory();
        var content = folder.Write("precious", "x");
        folder.Write("a.yaml", "a: 1\n");
        Assert.IsTrue(Resolve(folder, ["a.yaml"]).Execute(), Errors());
        var digest = Digest.Of("x"u8).Hex;
        File.AppendAllText(Directory.GetFiles(folder["obj"]).Single(), $"{digest}  ../../precious\n{digest}  {content}\nno record\n");

        Assert.IsTrue(Resolve(folder, ["a.yaml"]).Execute(), Errors());

        Assert.IsTrue(File.Exists(content));
    }

    [TestMethod]
    public void Another_project_and_another_folder_of_copies_keep_theirs()
    {
        using var folder = new TempDirectory();
        folder.Write("a.yaml", "a: 1\n");
        folder.Write("b.yaml", "b: 1\n");
        Assert.IsTrue(Resolve(folder, ["a.yaml"]).Execute(), Errors());
        var other = Resolve(folder, ["b.yaml"]);
        other.ProjectFile = folder["other.proj"];

        Assert.IsTrue(other.Execute(), Errors());

        Assert.AreEqual("a.yaml b.yaml", Copies(folder));
    }

    [TestMethod]
    public void A_source_in_the_folder_of_the_copies_is_an_error_at_its_place()
    {
        using var folder = new TempDirectory();
        Report(folder, "web.json", SampleReport.Web);
        folder.Write("k8s/app.yaml", "image: multiarch://web\n");
        folder.Write("k8s/out/prod.yaml", "a: 1\nimage: multiarch://web\n");

        Assert.IsFalse(Resolve(folder, ["k8s/app.yaml", "k8s/out/prod.yaml"], "web.json").Execute());

        Assert.AreEqual(
            $"{folder["k8s/out/prod.yaml"]} 2:8 MARCH5010: 'multiarch://web' cannot be resolved here: this file lies in the folder of the copies, '{folder["k8s/out"]}'. Name another folder in MultiArchKubernetesOutput, or move the file.",
            Error(0));
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder["k8s/out"]), "Nothing is written.");
    }

    [TestMethod]
    public void Nothing_but_copies_is_an_error_that_says_where_the_files_lie()
    {
        using var folder = new TempDirectory();
        folder.Write("k8s/out/app.yaml", "a: 1\n");

        Assert.IsFalse(Resolve(folder, ["k8s/out/app.yaml"]).Execute());

        Assert.Contains($"every file lies in the folder of the copies, '{folder["k8s/out"]}'", Error(0));
    }

    private static void Report(TempDirectory folder, string file, ImageReport report) => File.WriteAllBytes(folder[file], report.ToUtf8Bytes());

    private ResolveKubernetesFiles Resolve(TempDirectory folder, string[] files, params string[] imageFiles) => new()
    {
        BuildEngine = _engine,
        ProjectDirectory = folder.Path,
        Files = [.. files.Select(file => new TaskItem(file))],
        ImageFiles = imageFiles,
        OutputFolder = folder["k8s/out"],
        RecordFolder = folder["obj"],
    };

    private static string Copies(TempDirectory folder) => string.Join(
        ' ', Directory.EnumerateFiles(folder["k8s/out"], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder["k8s/out"], file)).Order(StringComparer.Ordinal));

    private string Error(int i) => $"{_engine.Errors[i].File} {_engine.Errors[i].LineNumber}:{_engine.Errors[i].ColumnNumber} {_engine.Errors[i].Code}: {_engine.Errors[i].Message}";

    private string Errors() => string.Join('\n', _engine.Errors.Select(error => error.Message));
}

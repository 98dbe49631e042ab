using MultiArch.Build.Results;
using MultiArch.Oci;
using MultiArch.Oci.Publishing;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What a publish writes for those who read results: each in its own form, and nothing that was not asked for.</summary>
[TestClass]
public sealed class ResultOutputsTests
{
    private const string Image = $"ghcr.io/me/web@{SampleReport.Index}";

    private readonly List<string> _log = [];
    private readonly Dictionary<string, string> _environment = [];

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task Nothing_is_written_unless_it_is_asked_for()
    {
        using var folder = new TempDirectory();

        await WriteAsync(Settings(folder));

        Assert.IsEmpty(Directory.EnumerateFileSystemEntries(folder.Path));
        Assert.IsEmpty(_log);
    }

    [TestMethod]
    public async Task A_step_of_GitHub_Actions_gets_outputs_behind_those_it_has_and_a_summary()
    {
        using var folder = new TempDirectory();
        _environment["GITHUB_OUTPUT"] = folder.Write("output", "other=1");
        _environment["GITHUB_STEP_SUMMARY"] = folder.Write("summary", "# Build\n");

        await WriteAsync(Settings(folder) with { MetadataFile = "image.json" });

        Assert.AreEqual(
            $"""
            other=1
            image={Image}
            name=ghcr.io/me/web
            digest={SampleReport.Index}
            tags=1.0,latest
            metadata={folder["image.json"]}

            """,
            Read(folder, "output"));
        Assert.AreEqual(
            $"""
            # Build
            ### <code>web</code>

            <code>{Image}</code>

            Tags: <code>1.0</code>, <code>latest</code>

            | platform | digest | size | sent | base |
            | --- | --- | ---: | ---: | --- |
            | <code>linux/amd64</code> | <code>{SampleReport.DigestOf('2')}</code> | 30.0 MB | 1.2 kB | <code>mcr.microsoft.com/dotnet/runtime:10.0</code> |
            | <code>linux/arm64</code> | <code>{SampleReport.DigestOf('3')}</code> | 29.0 MB | 0 B | <code>mcr.microsoft.com/dotnet/runtime:10.0</code> |


            """,
            Read(folder, "summary"));
        Assert.IsEmpty(_log);
    }

    [TestMethod]
    public async Task A_job_of_Azure_Pipelines_gets_each_variable_for_its_steps_and_for_later_jobs()
    {
        using var folder = new TempDirectory();
        _environment["TF_BUILD"] = "True";

        await WriteAsync(Settings(folder) with { Prefix = "web_" });

        Assert.AreEqual(
            $"""
            ##vso[task.setvariable variable=web_IMAGE]{Image}
            ##vso[task.setvariable variable=web_IMAGE;isOutput=true]{Image}
            ##vso[task.setvariable variable=web_IMAGE_NAME]ghcr.io/me/web
            """,
            string.Join('\n', _log.Take(3)));
        Assert.HasCount(10, _log);
    }

    [TestMethod]
    public async Task A_dotenv_file_keeps_the_lines_of_others_and_has_ours_once()
    {
        using var folder = new TempDirectory();
        folder.Write("build.env", $"VERSION=1.0\nIMAGE_DIGEST={SampleReport.DigestOf('9')}\n\nIMAGE_DIGEST_OLD=x");

        await WriteAsync(Settings(folder) with { DotenvFile = "build.env" });
        await WriteAsync(Settings(folder) with { DotenvFile = "build.env" });

        Assert.AreEqual(
            $"""
            VERSION=1.0
            IMAGE_DIGEST_OLD=x
            IMAGE={Image}
            IMAGE_NAME=ghcr.io/me/web
            IMAGE_DIGEST={SampleReport.Index}
            IMAGE_TAGS=1.0,latest
            IMAGE_METADATA=

            """,
            Read(folder, "build.env"));
    }

    [TestMethod]
    public async Task A_task_of_Tekton_gets_results_without_a_line_break_at_their_end()
    {
        using var folder = new TempDirectory();

        await WriteAsync(Settings(folder) with { TektonResultsFolder = "results" });

        Assert.AreEqual("ghcr.io/me/web", Read(folder, "results/IMAGE_URL"));
        Assert.AreEqual(SampleReport.Index, Read(folder, "results/IMAGE_DIGEST"));
        Assert.AreEqual($"{Image},ghcr.io/me/web@{SampleReport.DigestOf('2')},ghcr.io/me/web@{SampleReport.DigestOf('3')}", Read(folder, "results/IMAGES"));
    }

    [TestMethod]
    public async Task An_image_that_is_in_no_registry_leaves_no_name_that_could_be_signed()
    {
        using var folder = new TempDirectory();
        await WriteAsync(Settings(folder) with { TektonResultsFolder = "results" });

        await WriteAsync(Settings(folder) with { TektonResultsFolder = "results" }, SampleReport.Web with { Registry = null, Name = "/src/image", Digest = Digest.Parse(SampleReport.DigestOf('8')) });

        Assert.AreEqual(SampleReport.DigestOf('8'), Read(folder, "results/IMAGE_DIGEST"));
        Assert.AreEqual("IMAGE_DIGEST", string.Join(' ', Directory.EnumerateFiles(folder["results"]).Select(Path.GetFileName)));
    }

    [TestMethod]
    public async Task A_digest_file_holds_the_digest_alone()
    {
        using var folder = new TempDirectory();

        await WriteAsync(Settings(folder) with { DigestFile = "out\\image.digest" });

        Assert.AreEqual(SampleReport.Index, Read(folder, "out/image.digest"));
    }

    [TestMethod]
    public async Task A_value_that_looks_like_the_format_around_it_stays_a_value()
    {
        using var folder = new TempDirectory();
        _environment["GITHUB_OUTPUT"] = folder["output"];
        _environment["GITHUB_STEP_SUMMARY"] = folder["summary"];
        _environment["TF_BUILD"] = "true";
        var hostile = SampleReport.Web with { Name = "/a\nghadelimiter\ndigest=evil\n::set-output name=x::y\r##vso[task.setvariable variable=PATH]/tmp;100%|`<b>", Registry = null };

        await WriteAsync(Settings(folder), hostile);

        var outputs = Outputs(Read(folder, "output"));
        Assert.AreEqual("image name digest tags metadata", string.Join(' ', outputs.Keys));
        Assert.AreEqual(SampleReport.Index, outputs["digest"]);
        Assert.AreEqual(hostile.Name, outputs["name"]);
        Assert.HasCount(10, _log);
        Assert.IsTrue(_log.TrueForAll(line => !line.Any(char.IsControl) && line.StartsWith("##vso[task.setvariable variable=IMAGE", StringComparison.Ordinal)));
        Assert.AreEqual("/a%0Aghadelimiter%0Adigest=evil%0A::set-output name=x::y%0D##vso[task.setvariable variable=PATH]/tmp;100%AZP25|`<b>", _log[2][_log[2].IndexOf("]/a", StringComparison.Ordinal)..][1..]);
        var summary = Read(folder, "summary");
        Assert.DoesNotContain("<b>", summary);
        Assert.DoesNotContain("`", summary);
        Assert.AreEqual(4, summary.Split('\n').Count(line => line.StartsWith('|')), "No line breaks out of the table, none joins it.");
    }

    [TestMethod]
    public void A_value_that_a_form_cannot_hold_is_refused_while_nothing_is_published()
    {
        using var folder = new TempDirectory();

        var error = Assert.ThrowsExactly<MultiArchException>(() => (Settings(folder) with { DotenvFile = "build.env" }).ToOutputs(_log.Add).Check("/a\nIMAGE_DIGEST=evil"));

        Assert.AreEqual(DiagnosticCodes.InvalidResultFile, error.Code);
        Assert.Contains("'/a IMAGE_DIGEST=evil'", error.Message);
    }

    [TestMethod]
    [DataRow("auto", true, true)]
    [DataRow("", true, true)]
    [DataRow("none", false, false)]
    [DataRow("github", true, false)]
    [DataRow("azure", false, true)]
    [DataRow("github;azure", true, true)]
    public async Task Pipelines_are_found_by_the_environment_or_named(string named, bool github, bool azure)
    {
        using var folder = new TempDirectory();
        _environment["GITHUB_OUTPUT"] = folder["output"];
        _environment["TF_BUILD"] = "True";

        await WriteAsync(Settings(folder) with { PipelineResults = named });

        Assert.AreEqual(github, File.Exists(folder["output"]));
        Assert.AreEqual(azure, _log.Count > 0);
    }

    [TestMethod]
    [DataRow("gitlab", "", "MARCH5003", "'gitlab' is not known")]
    [DataRow("github", "", "MARCH5003", "GITHUB_OUTPUT names no file")]
    [DataRow("none", "my-", "MARCH5003", "'my-'")]
    [DataRow("none", "1", "MARCH5003", "'1'")]
    [DataRow("none", "a]b", "MARCH5003", "'a]b'")]
    public void A_wrong_setting_is_named(string pipelines, string prefix, string code, string says)
    {
        using var folder = new TempDirectory();

        var error = Assert.ThrowsExactly<MultiArchException>(() => (Settings(folder) with { PipelineResults = pipelines, Prefix = prefix }).ToOutputs(_log.Add));

        Assert.AreEqual(code, error.Code);
        Assert.Contains(says, error.Message);
    }

    [TestMethod]
    [DataRow("folder", "is a folder")]
    [DataRow("new/", "names a folder")]
    [DataRow("file/image.digest", "is a file, not a folder")]
    [DataRow("image.json", "two results")]
    [DataRow("./build.env", "two results")]
    [DataRow("link.env", "two results")]
    [DataRow("output", "two results")]
    [DataRow("/dev/stdout", "below /dev/ no file can be replaced")]
    public void A_file_that_cannot_be_written_is_named_while_nothing_is_published(string digestFile, string says)
    {
        using var folder = new TempDirectory();
        Directory.CreateDirectory(folder["folder"]);
        folder.Write("file", "");
        File.CreateSymbolicLink(folder["link.env"], "build.env");
        _environment["GITHUB_OUTPUT"] = folder.Write("output", "");

        var error = Assert.ThrowsExactly<MultiArchException>(
            () => (Settings(folder) with { MetadataFile = "image.json", DigestFile = digestFile, DotenvFile = "build.env" }).ToOutputs(_log.Add).Check(""));

        Assert.AreEqual(DiagnosticCodes.InvalidResultFile, error.Code);
        Assert.Contains(says, error.Message);
    }

    [TestMethod]
    [DataRow("folder")]
    [DataRow("pipe")]
    public async Task A_dotenv_file_needs_a_file_of_its_own_as_every_result_does(string dotenvFile)
    {
        Tool.Require("mkfifo");
        using var folder = new TempDirectory();
        Directory.CreateDirectory(folder["folder"]);
        (await new CommandLine("mkfifo", folder["pipe"]).RunAsync(TestContext.CancellationToken)).ShouldSucceed();

        var error = Assert.ThrowsExactly<MultiArchException>(() => (Settings(folder) with { DotenvFile = dotenvFile }).ToOutputs(_log.Add).Check(""));

        Assert.AreEqual(DiagnosticCodes.InvalidResultFile, error.Code);
        Assert.Contains($"'{folder[dotenvFile]}': it is a ", error.Message);
    }

    [TestMethod]
    public void Outputs_of_a_step_that_would_go_into_a_folder_are_refused_while_nothing_is_published()
    {
        using var folder = new TempDirectory();
        _environment["GITHUB_OUTPUT"] = folder.Path;

        var error = Assert.ThrowsExactly<MultiArchException>(() => Settings(folder).ToOutputs(_log.Add).Check(""));

        Assert.AreEqual(DiagnosticCodes.InvalidResultFile, error.Code);
        Assert.Contains($"'{folder.Path}': it is a folder", error.Message);
    }

    [TestMethod]
    public async Task A_result_that_a_link_names_goes_to_where_the_link_leads()
    {
        using var folder = new TempDirectory();
        folder.Write("real/image.digest", "old");
        File.CreateSymbolicLink(folder["link"], "real/image.digest");
        Directory.CreateDirectory(folder["tekton"]);
        File.CreateSymbolicLink(folder["tekton/IMAGE_DIGEST"], folder["real/tekton"]);

        await WriteAsync(Settings(folder) with { DigestFile = "link", TektonResultsFolder = "tekton" });

        Assert.AreEqual(SampleReport.Index, Read(folder, "real/image.digest"));
        Assert.AreEqual("real/image.digest", new FileInfo(folder["link"]).LinkTarget);
        Assert.AreEqual(SampleReport.Index, Read(folder, "real/tekton"));
    }

    [TestMethod]
    public async Task What_cannot_be_written_after_the_tags_have_moved_is_told_with_what_is_published_and_the_rest_is_written()
    {
        using var folder = new TempDirectory();
        var outputs = (Settings(folder) with { MetadataFile = "image.json", DigestFile = "digest/image.digest", DotenvFile = "build.env" }).ToOutputs(_log.Add);
        outputs.Check("ghcr.io/me/web");
        folder.Write("digest", "in the way by now");

        var failures = await outputs.WriteAsync(SampleReport.Web);

        Assert.HasCount(1, failures);
        Assert.StartsWith($"The image is published, {Image}, and 1.0, latest name it, and '{folder["digest/image.digest"]}', which is to tell of it, is not written: ", failures[0]);
        Assert.EndsWith(". Correct that and publish again: nothing is sent twice.", failures[0]);
        Assert.IsTrue(File.Exists(folder["image.json"]));
        Assert.Contains("IMAGE_DIGEST=", Read(folder, "build.env"));
    }

    [TestMethod]
    public async Task Image_json_stays_as_it_is_when_all_of_the_image_was_there_and_is_written_anew_when_it_is_no_longer_ours()
    {
        using var folder = new TempDirectory();
        var settings = Settings(folder) with { MetadataFile = "image.json" };

        await WriteAsync(settings);
        await WriteAsync(settings, SampleReport.Again);
        CollectionAssert.AreEqual(SampleReport.Web.ToUtf8Bytes(), await File.ReadAllBytesAsync(folder["image.json"]));

        await WriteAsync(settings, SampleReport.Again with { Publish = SampleReport.Again.Publish with { BytesSent = 1 } });
        Assert.Contains("\"bytesSent\": 1\n", Read(folder, "image.json"), "A configuration was sent.");

        foreach (var other in new[] { "{}", "", Read(folder, "image.json").Replace("\"tags\"", "\"mine\": 1, \"tags\"", StringComparison.Ordinal), Read(folder, "image.json").Replace("latest", "newest", StringComparison.Ordinal) })
        {
            folder.Write("image.json", other);
            await WriteAsync(settings, SampleReport.Again);
            CollectionAssert.AreEqual(SampleReport.Again.ToUtf8Bytes(), await File.ReadAllBytesAsync(folder["image.json"]));
        }
    }

    [TestMethod]
    public async Task Many_that_add_to_one_file_lose_nothing()
    {
        using var folder = new TempDirectory();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => SharedFile.AppendLinesAsync(folder["output"], $"line{i}={new string('x', 1000)}\n"))));

        var lines = Read(folder, "output").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(20, lines.Select(line => line.Split('=')[0]).Distinct().ToList());
        Assert.IsTrue(lines.All(line => line.EndsWith(new string('x', 1000), StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Bytes_of_others_that_are_no_text_stay()
    {
        using var folder = new TempDirectory();
        byte[] odd = [(byte)'A', (byte)'=', 0xFF, 0xFE, 0xC3, (byte)'\n'];
        await File.WriteAllBytesAsync(folder["build.env"], odd);

        await WriteAsync(Settings(folder) with { DotenvFile = "build.env" }, SampleReport.Web with { Name = "/größe", Registry = null });

        CollectionAssert.AreEqual(odd, (await File.ReadAllBytesAsync(folder["build.env"]))[..odd.Length]);
        Assert.Contains("IMAGE_NAME=/größe\n", Read(folder, "build.env"));
    }

    private async Task WriteAsync(ResultSettings settings, ImageReport? report = null)
    {
        var outputs = settings.ToOutputs(_log.Add);
        outputs.Check("ghcr.io/me/web");
        Assert.IsEmpty(await outputs.WriteAsync(report ?? SampleReport.Web));
    }

    private ResultSettings Settings(TempDirectory folder) => new(folder.Path, "", "", "", "", "", "", name => _environment.GetValueOrDefault(name));

    private static string Read(TempDirectory folder, string file) => File.ReadAllText(folder[file]);

    /// <summary>As the runner reads the file.</summary>
    private static Dictionary<string, string> Outputs(string text)
    {
        var outputs = new Dictionary<string, string>();
        var lines = new Queue<string>(text.Split('\n'));
        while (lines.TryDequeue(out var line) && line.Length > 0)
        {
            var (equals, heredoc) = (line.IndexOf('='), line.IndexOf("<<", StringComparison.Ordinal));
            if (heredoc < 0 || (equals >= 0 && equals < heredoc))
            {
                outputs.Add(line[..equals], line[(equals + 1)..]);
                continue;
            }

            var value = new List<string>();
            while (lines.Dequeue() is var next && next != line[(heredoc + 2)..])
            {
                value.Add(next);
            }

            outputs.Add(line[..heredoc], string.Join('\n', value));
        }

        return outputs;
    }
}

using Microsoft.Build.Utilities;
using MultiArch.Build.Tasks;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A platform is not restored again while everything that its restore is made of stays as it was.</summary>
[TestClass]
public sealed class RestoreFingerprintTests : IDisposable
{
    private const string Library = """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="Dye" /></ItemGroup></Project>""";

    private readonly TempDirectory _folder = new();

    private string _version = "[1.0.0, )";

    private string _sources = "";

    private string? _reference;

    [TestInitialize]
    public void Restore()
    {
        _folder.Write("repo/Directory.Packages.props", "<Project />");
        _folder.Write("repo/app/app.csproj", """<Project><PropertyGroup Condition="'$(RuntimeIdentifier)' == 'linux-x64'" /></Project>""");
        _folder.Write("repo/lib/lib.csproj", Library);
        _folder.Write("repo/app/obj/app.csproj.nuget.dgspec.json", Graph("1.0.0"));
        _folder.Write("restored/project.assets.json", "{}");
        _folder.Write("packages/dye/1.0.0/dye.1.0.0.nupkg.sha512", "hash");
        _folder.Write("restored/project.nuget.cache", Cache("true"));
        Fingerprint(keep: true);
        Assert.IsTrue(IsCurrent());
    }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void What_NuGet_takes_of_the_app_counts()
    {
        _version = "[2.0.0, )";

        Assert.IsFalse(IsCurrent());
    }

    [TestMethod]
    public void A_property_of_the_restore_counts()
    {
        _sources = "https://packages.example/index.json";

        Assert.IsFalse(IsCurrent());
    }

    [TestMethod]
    [DataRow("repo/app/obj/app.csproj.nuget.dgspec.json", "what the user's own restore found")]
    [DataRow("repo/app/obj/project.nuget.cache", "another restore of the user's")]
    [DataRow("repo/app/app.csproj", "the project")]
    [DataRow("repo/lib/lib.csproj", "a referenced project")]
    [DataRow("repo/Directory.Packages.props", "the versions of all projects")]
    [DataRow("repo/Directory.Build.props", "a file that was not there")]
    [DataRow("repo/lib/Directory.Build.targets", "one for the referenced project")]
    [DataRow("restored/project.nuget.cache", "another restore into the same folder")]
    [DataRow("restored/packages.lock.json", "its lock file")]
    public void A_file_that_a_restore_reads_or_writes_counts(string file, string what)
    {
        var old = File.Exists(_folder[file]) ? File.ReadAllText(_folder[file]) : "<Project></Project>";

        _folder.Write(file, old + "\n");

        Assert.IsFalse(IsCurrent(), what);
    }

    [TestMethod]
    [DataRow("restored/project.assets.json")]
    [DataRow("restored/project.nuget.cache")]
    [DataRow("packages/dye/1.0.0/dye.1.0.0.nupkg.sha512")]
    [DataRow("repo/app/obj/app.csproj.nuget.dgspec.json")]
    public void What_was_deleted_is_restored(string file)
    {
        File.Delete(_folder[file]);

        Assert.IsFalse(IsCurrent());
    }

    [TestMethod]
    public void A_restore_that_failed_is_done_again()
    {
        _folder.Write("restored/project.nuget.cache", Cache("false"));
        Fingerprint(keep: true);

        Assert.IsFalse(IsCurrent());
    }

    [TestMethod]
    [DataRow("repo/app/obj/app.csproj.nuget.dgspec.json", "{")]
    [DataRow("repo/app/obj/app.csproj.nuget.dgspec.json", "[]")]
    [DataRow("restored/project.nuget.cache", """{ "version": 2 }""")]
    public void A_file_that_is_none_of_NuGets_is_no_ground_to_skip_a_restore(string file, string content)
    {
        _folder.Write(file, content);
        Fingerprint(keep: true);

        Assert.IsFalse(IsCurrent());
    }

    [TestMethod]
    [DataRow("""<PackageReference Include="Dye" Condition="'$(RuntimeIdentifier)' == 'linux-x64'" />""")]
    [DataRow("""<PackageReference Include="Dye" Condition="'$(PlatformTarget)' == 'x64'" />""")]
    public void A_referenced_project_that_may_depend_on_the_platform_is_evaluated_for_it_each_time(string reference)
    {
        _folder.Write("repo/lib/lib.csproj", $"<Project><ItemGroup>{reference}</ItemGroup></Project>");
        Fingerprint(keep: true);

        Assert.IsFalse(IsCurrent());
        Assert.IsFalse(File.Exists(_folder["restored/restore.fingerprint"]), "What cannot be equal is not kept.");
    }

    [TestMethod]
    public void A_referenced_project_that_imports_what_is_not_looked_at_is_evaluated_each_time_and_one_that_imports_the_file_above_is_not()
    {
        _folder.Write("repo/lib/lib.csproj", "<Project><PropertyGroup><RuntimeIdentifiers>linux-x64;linux-arm64</RuntimeIdentifiers></PropertyGroup></Project>");
        _folder.Write("repo/lib/Directory.Build.props", """<Project><ImportGroup><Import Project="../Directory.Build.props" /></ImportGroup></Project>""");
        Fingerprint(keep: true);
        Assert.IsTrue(IsCurrent());

        _folder.Write("repo/lib/Directory.Build.props", """<Project><Import Project="../versions.props" /></Project>""");
        Fingerprint(keep: true);
        Assert.IsFalse(IsCurrent());
    }

    [TestMethod]
    [DataRow("""<Project Sdk="Our.Sdk/1.0" />""")]
    [DataRow("""<Project><Sdk Name="Our.Sdk" /></Project>""")]
    [DataRow("""<Project><PropertyGroup><DirectoryPackagesPropsPath>../eng/packages.props</DirectoryPackagesPropsPath></PropertyGroup></Project>""")]
    [DataRow("""<Project><Import Project="../../eng/Directory.Build.props" /></Project>""")]
    public void A_referenced_project_that_says_where_else_to_look_is_evaluated_each_time(string project)
    {
        _folder.Write("repo/lib/lib.csproj", project);
        Fingerprint(keep: true);

        Assert.IsFalse(IsCurrent());
    }

    [TestMethod]
    [DataRow("""<Project Sdk="Microsoft.NET.Sdk.Web"><Import Project="$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))" /></Project>""")]
    [DataRow("""<Project Sdk="Microsoft.NET.Sdk"><Import Project="$(MSBuildThisFileDirectory)..\Directory.Packages.props" /></Project>""")]
    public void A_referenced_project_that_looks_where_all_do_is_not(string project)
    {
        _folder.Write("repo/lib/lib.csproj", project);
        Fingerprint(keep: true);

        Assert.IsTrue(IsCurrent());
    }

    [TestMethod]
    public void A_project_that_only_this_platform_refers_to_is_evaluated_each_time()
    {
        _reference = _folder["repo/native/native.csproj"];
        Fingerprint(keep: true);
        Assert.IsFalse(IsCurrent());

        _reference = _folder["repo/lib/lib.csproj"];
        Fingerprint(keep: true);
        Assert.IsTrue(IsCurrent());
    }

    private bool IsCurrent() => Fingerprint(keep: false).IsCurrent;

    private FingerprintRestore Fingerprint(bool keep)
    {
        var entry = new TaskItem(Guid.NewGuid().ToString());
        entry.SetMetadata("Id", "Dye");
        entry.SetMetadata("VersionRange", _version);
        var reference = new TaskItem(Guid.NewGuid().ToString());
        reference.SetMetadata("Type", "ProjectReference");
        reference.SetMetadata("ProjectPath", _reference ?? "");
        var setting = new TaskItem("RestoreSources");
        setting.SetMetadata("Value", _sources);
        var task = new FingerprintRestore
        {
            BuildEngine = new SilentEngine(),
            Graph = _reference is null ? [entry] : [entry, reference],
            Settings = [setting],
            ProjectFile = _folder["repo/app/app.csproj"],
            ProjectGraphFile = _folder["repo/app/obj/app.csproj.nuget.dgspec.json"],
            RestoreFolder = _folder["restored/"],
            FingerprintFile = _folder["restored/restore.fingerprint"],
            Keep = keep,
        };
        Assert.IsTrue(task.Execute());
        return task;
    }

    private string Graph(string version) => $$"""
        { "projects": { "{{_folder["repo/app/app.csproj"]}}": { "version": "{{version}}" }, "{{_folder["repo/lib/lib.csproj"]}}": {} } }
        """;

    private string Cache(string success) => $$"""
        { "version": 2, "dgSpecHash": "x", "success": {{success}}, "expectedPackageFiles": [ "{{_folder["packages/dye/1.0.0/dye.1.0.0.nupkg.sha512"]}}" ] }
        """;
}

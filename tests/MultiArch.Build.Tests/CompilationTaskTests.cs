using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using MultiArch.Build.Tasks;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What counts as a difference between two platforms' compilations, and how one takes the other's.</summary>
[TestClass]
public sealed class CompilationTaskTests : IDisposable
{
    private static readonly DateTime Yesterday = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TempDirectory _folder = new();

    private string First => _folder["first/"];

    private string Second => _folder["second/"];

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Equal_options_and_contents_are_equal_though_each_platform_has_its_own_obj()
    {
        Assert.IsTrue(AreEqual(
            obj => [Option("PathMap", $"{obj}=/_/obj/"), Option("DefineConstants", "A;B")],
            obj => [Source(_folder.Write($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(obj))}/Info.cs", "class Info;"))]));
    }

    [TestMethod]
    [DataRow("DefineConstants", "ARM")]
    [DataRow("PlatformTarget", "x64")]
    [DataRow("Features", "a=b")]
    public void Another_value_of_an_option_is_a_difference(string name, string value) =>
        Assert.IsFalse(AreEqual(obj => [Option(name, obj == First ? "" : value)], _ => []));

    [TestMethod]
    public void Another_content_of_a_file_is_a_difference_under_the_same_path_too()
    {
        var path = _folder["Shared.cs"];

        Assert.IsFalse(AreEqual(_ => [], obj => [Source(_folder.Write("Shared.cs", obj == First ? "class A;" : "class B;"))]));
        Assert.IsTrue(File.Exists(path));
    }

    [TestMethod]
    public void Another_alias_of_a_reference_is_a_difference()
    {
        var library = _folder.Write("lib.dll", "library");

        Assert.IsFalse(AreEqual(_ => [], obj =>
        {
            var reference = Source(library);
            reference.SetMetadata("Aliases", obj == First ? "global" : "other");
            return [reference];
        }));
    }

    [TestMethod]
    public void Another_order_of_sources_is_a_difference()
    {
        var a = _folder.Write("a.fs", "a");
        var b = _folder.Write("b.fs", "b");

        Assert.IsFalse(AreEqual(_ => [], obj => obj == First ? [Source(a), Source(b)] : [Source(b), Source(a)]));
    }

    [TestMethod]
    public void Another_value_of_an_assembly_attribute_is_a_difference()
    {
        Assert.IsFalse(AreEqual(obj =>
        {
            var attribute = new TaskItem("System.Reflection.AssemblyVersionAttribute");
            attribute.SetMetadata("_Parameter1", obj == First ? "1.0" : "2.0");
            return [attribute];
        }, _ => []));
    }

    [TestMethod]
    public void An_unchanged_fingerprint_is_not_written_again()
    {
        Assert.IsTrue(AreEqual(_ => [Option("A", "1")], _ => []));
        File.SetLastWriteTimeUtc(Path.Combine(Second, "fingerprint"), Yesterday);

        Assert.IsTrue(AreEqual(_ => [Option("A", "1")], _ => []));

        Assert.AreEqual(Yesterday, File.GetLastWriteTimeUtc(Path.Combine(Second, "fingerprint")));
    }

    [TestMethod]
    public void A_platform_takes_what_the_compiler_wrote_and_not_what_was_made_of_it()
    {
        Compile("compiled", "app.dll", "refint/app.dll", "generated/Gen/Source.g.cs");
        Keep("app.dll", "refint/app.dll", "generated/Gen/Source.g.cs");
        Write(First, "app.dll", "woven");

        Reuse();

        Assert.AreEqual("compiled", Read("app.dll"));
        Assert.AreEqual("compiled", Read("refint/app.dll"));
        Assert.AreEqual("compiled", Read("generated/Gen/Source.g.cs"));
    }

    [TestMethod]
    public void What_a_platform_made_of_its_copy_stays_when_nothing_was_compiled()
    {
        Compile("compiled", "app.dll");
        Keep("app.dll");
        Reuse();
        Write(Second, "app.dll", "woven");
        File.SetLastWriteTimeUtc(Path.Combine(Second, "app.dll"), Yesterday);

        Reuse();

        Assert.AreEqual("woven", Read("app.dll"));
        Assert.AreEqual(Yesterday, File.GetLastWriteTimeUtc(Path.Combine(Second, "app.dll")), "No file of the build is newer after a publish that changed nothing.");
    }

    [TestMethod]
    public void What_was_compiled_anew_is_taken_anew_even_with_equal_bytes()
    {
        Compile("compiled", "app.dll");
        Keep("app.dll");
        Reuse();
        foreach (var copy in Directory.GetFiles(Second, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(copy, Yesterday);
        }

        Compile("compiled", "app.dll");
        Keep("app.dll");
        Reuse();

        Assert.IsGreaterThan(Yesterday, File.GetLastWriteTimeUtc(Path.Combine(Second, "app.dll")), "Or CoreCompile would find it older than a source that was saved anew.");
    }

    [TestMethod]
    public void An_output_that_the_compiler_no_longer_writes_is_not_kept()
    {
        Compile("compiled", "app.dll", "app.pdb");
        Keep("app.dll", "app.pdb");

        Keep("app.dll");
        Reuse();

        Assert.IsFalse(File.Exists(Path.Combine(Second, "app.pdb")));
    }

    [TestMethod]
    public void An_output_beside_the_sources_is_shared_as_it_stands_and_up_to_date()
    {
        var documentation = _folder.Write("docs/app.xml", "documentation");
        File.SetLastWriteTimeUtc(documentation, Yesterday);
        Compile("compiled", "app.dll");
        Keep("app.dll");

        Reuse(documentation);

        Assert.AreEqual("documentation", File.ReadAllText(documentation));
        Assert.IsGreaterThan(Yesterday, File.GetLastWriteTimeUtc(documentation));
    }

    [TestMethod]
    public void A_satellite_is_never_older_than_the_app_it_belongs_to()
    {
        Compile("compiled", "de/app.resources.dll");
        Keep("de/app.resources.dll");
        Reuse();
        File.SetLastWriteTimeUtc(Path.Combine(Second, "de/app.resources.dll"), Yesterday);
        Write(Second, "app.dll", "compiled on its own");

        Assert.IsTrue(new ReuseCompilation
        {
            BuildEngine = new SilentEngine(),
            DonorFolder = Path.Combine(First, "compiled/"),
            KeptFolder = Path.Combine(Second, "compiled/"),
            IntermediateFolder = Second,
            Outputs = [],
            NewerThan = Path.Combine(Second, "app.dll"),
        }.Execute());

        Assert.IsGreaterThanOrEqualTo(File.GetLastWriteTimeUtc(Path.Combine(Second, "app.dll")), File.GetLastWriteTimeUtc(Path.Combine(Second, "de/app.resources.dll")));
    }

    [TestMethod]
    public void A_build_is_taken_with_the_present_time_so_that_what_was_made_of_another_is_made_again()
    {
        Write(First, "app.dll", "built");
        File.SetLastWriteTimeUtc(Path.Combine(First, "app.dll"), Yesterday);
        Write(Second, "app.dll", "published before");
        File.SetLastWriteTimeUtc(Path.Combine(Second, "app.dll"), Yesterday.AddDays(1));

        Assert.IsTrue(Take("app.dll").Execute());

        Assert.AreEqual("built", Read("app.dll"));
        Assert.IsGreaterThan(Yesterday.AddDays(1), File.GetLastWriteTimeUtc(Path.Combine(Second, "app.dll")));
    }

    [TestMethod]
    public void A_build_that_lacks_a_file_is_refused_and_the_file_is_named()
    {
        Write(First, "app.dll", "built");

        var take = Take("app.dll", "de/app.resources.dll");
        Assert.IsFalse(take.Execute());

        var error = ((SilentEngine)take.BuildEngine).Errors.Single();
        Assert.AreEqual("MARCH1016", error.Code);
        Assert.Contains(Path.Combine(First, "de/app.resources.dll"), error.Message!);
        Assert.Contains("dotnet build -c Release", error.Message!);
        Assert.IsFalse(File.Exists(Path.Combine(Second, "app.dll")), "Nothing is taken of half a build.");
    }

    private static TaskItem Option(string name, string value)
    {
        var option = new TaskItem(name);
        option.SetMetadata("Value", value);
        return option;
    }

    private static TaskItem Source(string path)
    {
        var item = new TaskItem(path);
        item.SetMetadata("Input", "Compile");
        return item;
    }

    private bool AreEqual(Func<string, ITaskItem[]> options, Func<string, ITaskItem[]> files)
    {
        var equal = false;
        foreach (var (folder, donor) in new[] { (First, ""), (Second, First) })
        {
            var fingerprint = new FingerprintCompilation
            {
                BuildEngine = new SilentEngine(),
                Options = options(folder),
                Files = files(folder),
                IntermediateFolder = folder,
                DonorFolder = donor,
                FingerprintFile = "fingerprint",
            };
            Assert.IsTrue(fingerprint.Execute());
            equal = fingerprint.EqualsDonor;
        }

        return equal;
    }

    private void Compile(string content, params IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            Write(First, file, content);
        }
    }

    private void Keep(params IEnumerable<string> files) => Assert.IsTrue(new KeepCompilation
    {
        BuildEngine = new SilentEngine(),
        Outputs = [.. files.Select(file => new TaskItem(Path.Combine(First, file)))],
        IntermediateFolder = First,
        KeptFolder = Path.Combine(First, "compiled/"),
    }.Execute());

    private void Reuse(params IEnumerable<string> outputs) => Assert.IsTrue(new ReuseCompilation
    {
        BuildEngine = new SilentEngine(),
        DonorFolder = Path.Combine(First, "compiled/"),
        KeptFolder = Path.Combine(Second, "compiled/"),
        IntermediateFolder = Second,
        Outputs = [.. outputs.Select(output => new TaskItem(output))],
    }.Execute());

    private TakeBuild Take(params IEnumerable<string> files) => new()
    {
        BuildEngine = new SilentEngine(),
        BuildFolder = First,
        IntermediateFolder = Second,
        Configuration = "Release",
        Required = [.. files.Select(file => new TaskItem(Path.Combine(Second, file)))],
    };

    private void Write(string folder, string file, string content) => _folder.Write(Path.Combine(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), file), content);

    private string Read(string file) => File.ReadAllText(Path.Combine(Second, file));
}
